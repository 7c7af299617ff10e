import { readFileSync } from "node:fs";
import type { Fact } from "../core/memory.ts";
import type { TranscriptMessage } from "../core/message.ts";
import type { Model } from "../core/model.ts";
import type { StepCost } from "../core/turn.ts";
import { readCandidates, type Candidate } from "./candidate.ts";

const prompt = readFileSync(new URL("prompts/extract.md", import.meta.url), "utf8").trim();

const MAX_OUTPUT_TOKENS = 1_000;
const MAX_SAID_CHARS = 6_000;
const MAX_EARLIER_CHARS = 500;

export interface Extraction {
  /** The person's own words. */
  readonly said: string;
  /** What the same person and Clara said before, oldest first. */
  readonly earlier: readonly Pick<TranscriptMessage, "role" | "text">[];
  readonly known: readonly Pick<Fact, "id" | "text">[];
  readonly now: Date;
}

export interface ExtractDeps {
  readonly model: Model;
  readonly pay: (cost: StepCost) => Promise<void>;
}

/** One call of the model. What it says besides facts is nothing; rejects with ModelError. */
export async function extract(
  { model, pay }: ExtractDeps,
  given: Extraction,
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  let text = "";
  let source = { provider: "", model: model.name };
  const answer = model.stream({
    system: [{ text: prompt, stable: true }],
    messages: [{ role: "user", content: [{ type: "text", text: toText(given) }] }],
    lastStableMessage: -1,
    tools: [],
    toolChoice: "none",
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    signal,
  });
  for await (const event of answer) {
    if (event.type === "start") source = { provider: event.provider, model: event.model };
    if (event.type === "text-delta") text += event.text;
    if (event.type !== "end") continue;
    await pay({ ...source, usage: event.usage });
    if (event.stop === "refusal") return [];
  }
  return readCandidates(text);
}

/** Each line is marked, so that no words of a person can look like another part. */
function toText({ said, earlier, known, now }: Extraction): string {
  const lines = (mark: string, text: string) =>
    text
      .toWellFormed()
      .split(/\r\n?|[\n\v\f\u0085\u2028\u2029]/)
      .map((line) => `${mark}: ${line}`)
      .join("\n");
  return [
    `NOW: ${now.toISOString().slice(0, 10)}, ${WEEKDAY.format(now)}`,
    ...known.map(({ id, text }) => lines(`KNOWN ${id}`, text)),
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
