import { readFile } from "node:fs/promises";
import type { Config } from "../../config.ts";
import { loadPrices } from "../../llm/prices.ts";
import { broken, ok, off, type Check } from "./check.ts";

/** The files that the settings name: a persona, prices. */
export const checkFiles = ({ persona, models: { pricesFile } }: Config): Check => ({
  name: "files",
  async run() {
    const problems = [
      ...(persona.kind === "file" ? await personaProblems(persona.path) : []),
      ...(pricesFile === null ? [] : await priceProblems(pricesFile)),
    ];
    if (problems.length > 0) return broken("a file of yours cannot be used", ...problems);
    return persona.kind === "file" || pricesFile !== null ? ok("readable") : off("none are named");
  },
});

async function personaProblems(path: string): Promise<readonly string[]> {
  const text = await readText(path);
  if (text === null) return [`BOT_PERSONALITY_FILE names ${path}, which cannot be read.`];
  return text.trim() === "" ? [`BOT_PERSONALITY_FILE names ${path}, which is empty.`] : [];
}

async function priceProblems(path: string): Promise<readonly string[]> {
  const text = await readText(path);
  if (text === null) return [`LLM_PRICES_FILE names ${path}, which cannot be read.`];
  const loaded = loadPrices(parse(text));
  return loaded.kind === "loaded"
    ? []
    : loaded.problems.map((problem) => `LLM_PRICES_FILE: ${problem}.`);
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return null; // Whatever the reason: the file's name is what a person can act on.
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // The price list says that this is none.
  }
}
