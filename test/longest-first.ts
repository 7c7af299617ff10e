import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Started last, these would run alone at the end, beside an idle core. */
const LONGEST = [
  "test/kill/kill.test.ts",
  "test/kill/clock.test.ts",
  "test/mail-faults.imap.test.ts",
  "test/mcp/misbehaviour.test.ts",
  "test/mail-storm/storm.imap.test.ts",
  "src/discord/sessions.test.ts",
  "src/mcp/questions/server-questions.test.ts",
  "test/mail-storm/kill.imap.test.ts",
  "src/sandbox/hostile.docker.test.ts",
  "test/kill/overlap.test.ts",
  "test/package.test.ts",
  "test/mcp/conformance.test.ts",
];

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = LONGEST.findIndex((file) => moduleId.endsWith(file));
  return rank === -1 ? LONGEST.length : rank;
};

/** Begins with the files that take minutes. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}
