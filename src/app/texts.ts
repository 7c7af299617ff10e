import { readFile } from "node:fs/promises";
import { builtInPersona } from "../agent/prompts.ts";
import type { PersonaSource } from "../config.ts";

export async function readPersona(source: PersonaSource): Promise<string> {
  switch (source.kind) {
    case "built-in":
      return builtInPersona;
    case "text":
      return source.text;
    case "file":
      return (await readText(source.path, "BOT_PERSONALITY_FILE")).trim();
  }
}

export async function readText(path: string, variable: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new Error(
      `${variable} names ${path}, which cannot be read. Check the path and the rights.`,
      {
        cause,
      },
    );
  }
}
