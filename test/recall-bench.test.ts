import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openEmbeddedStore, share } from "./open-test-store.ts";
import { emptyFolder } from "./data-folder.ts";
import { seeded } from "./leaks/walk.ts";
import { readLocomo } from "../bench/recall/locomo.ts";
import { scoreOf } from "../bench/recall/score.ts";
import { trySample } from "../bench/recall/try-sample.ts";
import { writeSamples } from "../bench/recall/written.ts";

const store = share(openEmbeddedStore);

test("recall finds what answers, also where the words stand in the line beside it", async () => {
  const tried = await Promise.all(
    writeSamples(6, seeded(7)).map((sample) => trySample(store(), sample)),
  );

  const ours = scoreOf(tried.flatMap((each) => each.ours));
  const plain = scoreOf(tried.flatMap((each) => each.plain));

  expect(ours.questions).toBeGreaterThan(80);
  expect(ours.recall[1]).toBeGreaterThan(95);
  expect(ours.recall[1]).toBeGreaterThan((plain.recall[1] ?? 0) + 20);
});

test("a file of LoCoMo's form is read with its odd evidence, and dates in UTC", async () => {
  await using folder = await emptyFolder();
  const path = join(folder.dataDir, "locomo.json");
  const sample = {
    sample_id: "conv-1",
    conversation: {
      speaker_a: "Ana",
      session_1_date_time: "12:05 am on 8 May, 2023",
      session_1: [
        { speaker: "Ana", dia_id: "D1:1", text: "Look!", blip_caption: "a photo of a boat" },
        { speaker: "Ben", dia_id: "D1:2", text: "Nice." },
      ],
    },
    qa: [
      {
        question: "What is in Ana's photo?",
        answer: "a boat",
        evidence: ["D:1:01; D9:9"],
        category: 4,
      },
      { question: "Nothing known", evidence: ["D7:1"], category: 1 },
      { question: "No evidence", category: 5 },
    ],
  };
  await writeFile(path, JSON.stringify([sample]));

  const [read] = await readLocomo(path);

  expect(read?.turns[0]).toEqual({
    id: "D1:1",
    speaker: "Ana",
    text: "Look! a photo of a boat",
    at: new Date("2023-05-08T00:05:00Z"),
  });
  expect(read?.questions).toEqual([
    { text: "What is in Ana's photo?", evidence: ["D1:1"], category: "single-hop" },
  ]);
});

test("scores are shares of the evidence, by count and by tokens", () => {
  const question = { text: "?", evidence: ["a", "b"], category: "x" };
  const found = ["a", "x", "y", "z", "w", "v", "b"].map((id) => ({ id, tokens: 100 }));

  const score = scoreOf([{ question, found }]);

  expect(score).toEqual({
    questions: 1,
    recall: [50, 100, 100],
    any: [100, 100, 100],
    all: [0, 100, 100],
    budget: [50, 50, 100, 100, 100],
  });
});
