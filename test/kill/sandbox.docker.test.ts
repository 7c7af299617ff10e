import { expect, test } from "vitest";
import { describeDocker } from "../open-sandbox.ts";
import { dieWhileCodeRuns } from "./sandbox-lives.ts";

const MINUTES = 60_000;

describeDocker("killed while code runs", () => {
  test(
    "she answers once that it was interrupted, and no container is left",
    async () => {
      const lives = await dieWhileCodeRuns(2);

      expect(lives).toHaveLength(2);
      expect(lives.map(({ left }) => left)).toEqual([0, 0]);
      expect(lives.map(({ answers }) => answers.length)).toEqual([1, 1]);
      expect(
        lives
          .flatMap(({ answers }) => answers)
          .filter((said) => !said.includes("Interrupted: it is not known")),
      ).toEqual([]);
    },
    10 * MINUTES,
  );
});
