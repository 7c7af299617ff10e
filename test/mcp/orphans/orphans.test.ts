import { expect, test } from "vitest";
import { usedFolder } from "../../data-folder.ts";
import { killOnce, prepareFolder } from "./kill-rounds.ts";

test("what servers left behind when she was killed is ended at her next start, whenever it was", async () => {
  await using folder = await usedFolder();
  await prepareFolder(folder.dataDir);

  const whenReady = await killOnce(folder.dataDir, null);
  const whileStarting = await killOnce(folder.dataDir, 150);

  // The children that hide do not end by themselves: there was something to find.
  expect(whenReady.left).toBeGreaterThanOrEqual(2);
  expect([whenReady, whileStarting].map(({ orphans }) => orphans)).toEqual([0, 0]);
});
