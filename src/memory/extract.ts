import { readFileSync } from "node:fs";
import type { Fact } from "../core/memory.ts";
import type { TranscriptMessage } from "../core/message.ts";
import { askOnce, type AskDeps } from "./ask-once.ts";
import type { Intention } from "../core/intentions.ts";
import { readExtracted, type Extracted } from "./extracted.ts";

const prompt = readFileSync(new URL("prompts/extract.md", import.meta.url), "utf8").trim();

const relationsPrompt = readFileSync(
  new URL("prompts/relations.md", import.meta.url),
  "utf8",
).trim();
const withRelations = `${prompt}\n\n${relationsPrompt}`;

const MAX_OUTPUT_TOKENS = 1_000;
const MAX_SAID_CHARS = 6_000;
const MAX_EARLIER_CHARS = 500;

export interface Extraction {
  /** The person's own words. */
  readonly said: string;
  /** What the same person and Clara said before, oldest first. */
  readonly earlier: readonly Pick<TranscriptMessage, "role" | "text">[];
  readonly known: readonly Pick<Fact, "id" | "text">[];
  /** What is to be asked already. */
  readonly planned: readonly Pick<Intention, "text">[];
  /** Whether it is asked how things hang together. */
  readonly wantsRelations: boolean;
  readonly now: Date;
}

/** One call of the model. What it says besides what it is asked for is nothing; rejects with ModelError. */
export async function extract(
  deps: AskDeps,
  given: Extraction,
  signal: AbortSignal,
): Promise<Extracted> {
  const asked = {
    system: given.wantsRelations ? withRelations : prompt,
    content: toText(given),
    maxOutputTokens: MAX_OUTPUT_TOKENS,
  };
  const text = await askOnce(deps, asked, signal);
  return readExtracted(text, given.now);
}

/** Each line is marked, so that no words of a person can look like another part. */
function toText({ said, earlier, known, planned, now }: Extraction): string {
  const lines = (mark: string, text: string) =>
    text
      .toWellFormed()
      .split(/\r\n?|[\n\v\f\u0085\u2028\u2029]/)
      .map((line) => `${mark}: ${line}`)
      .join("\n");
  return [
    `NOW: ${now.toISOString().slice(0, 10)}, ${WEEKDAY.format(now)}`,
    ...known.map(({ id, text }) => lines(`KNOWN ${id}`, text)),
    ...planned.map(({ text }) => lines("PLANNED", text)),
    ...earlier.map(({ role, text }) =>
      lines(
        role === "clara" ? "EARLIER assistant" : "EARLIER person",
        text.slice(0, MAX_EARLIER_CHARS),
      ),
    ),
    lines("SAID", said.slice(0, MAX_SAID_CHARS)),
  ].join("\n");
}

const WEEKDAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", timeZone: "UTC" });
