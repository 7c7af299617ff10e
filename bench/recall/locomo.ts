import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Sample, SampleTurn } from "./sample.ts";

/** The public file of LoCoMo: https://github.com/snap-research/locomo. Loose: fields that nobody needs here may be anything. */
const turn = z.looseObject({
  speaker: z.string(),
  dia_id: z.string(),
  text: z.string().nullish(),
  blip_caption: z.string().nullish(),
});
const file = z.array(
  z.looseObject({
    sample_id: z.string(),
    conversation: z.record(z.string(), z.unknown()),
    qa: z.array(
      z.looseObject({
        question: z.string(),
        evidence: z.array(z.string()).nullish(),
        category: z.number(),
      }),
    ),
  }),
);

/** By the numbers in the file; tables elsewhere often swap the names. */
const CATEGORIES: Readonly<Record<number, string>> = {
  1: "multi-hop",
  2: "temporal",
  3: "open-domain",
  4: "single-hop",
  5: "adversarial",
};

/** All questions with at least one piece of evidence that is in the conversation. */
export async function readLocomo(path: string): Promise<readonly Sample[]> {
  const samples = file.parse(JSON.parse(await readFile(path, "utf8")));
  return samples.map(({ sample_id: id, conversation, qa }) => {
    const turns = turnsOf(conversation);
    const known = new Set(turns.map((each) => each.id));
    const questions = qa.flatMap(({ question, evidence, category }) => {
      const found = (evidence ?? []).flatMap(idsIn).filter((each) => known.has(each));
      return found.length === 0
        ? []
        : [
            {
              text: question,
              evidence: [...new Set(found)],
              category: CATEGORIES[category] ?? String(category),
            },
          ];
    });
    return { id, turns, questions };
  });
}

/** Some are written together: `D8:6; D9:17`, or with a colon too many: `D:11:26`. */
const idsIn = (text: string): readonly string[] =>
  [...text.matchAll(/D:?(\d+):(\d+)/g)].map(
    ([, session, line]) => `D${Number(session)}:${Number(line)}`,
  );

function turnsOf(conversation: Readonly<Record<string, unknown>>): readonly SampleTurn[] {
  const sessions = Object.keys(conversation)
    .flatMap((key) => /^session_(\d+)$/.exec(key)?.[1] ?? [])
    .toSorted((a, b) => Number(a) - Number(b));
  return sessions.flatMap((number) => {
    const startedAt = toDate(String(conversation[`session_${number}_date_time`]));
    const lines = z.array(turn).parse(conversation[`session_${number}`]);
    return lines.map(({ dia_id: id, speaker, text, blip_caption: caption }, index) => ({
      id,
      speaker,
      text: [text ?? "", caption ?? ""].filter((part) => part !== "").join(" "),
      at: new Date(startedAt.getTime() + index * 10_000),
    }));
  });
}

/** `1:56 pm on 8 May, 2023`, in UTC. */
function toDate(text: string): Date {
  const found = /(\d+):(\d+) ?(am|pm) on (\d+) (\w+),? (\d+)/i.exec(text);
  if (!found) throw new Error(`Not a date of a session: ${text}`);
  const [, hour, minute, half = "", day, month, year] = found;
  const hours = (Number(hour) % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  return new Date(`${day} ${month} ${year} ${hours}:${minute} UTC`);
}
