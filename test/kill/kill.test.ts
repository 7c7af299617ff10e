import { expect, inject, test } from "vitest";
import { FAULT_POINTS, type FaultPoint } from "../../src/core/fault.ts";
import { createTestDatabase } from "../open-test-store.ts";
import { liveThrough } from "./lives.ts";
import { openFolder, openStage, type Database } from "./stage.ts";

const MINUTES = 60_000;
/** A conversation is summarised at most every few minutes: first of all, before another life has done it. */
const FIRST = "turn.summary.saved";
const once = [FIRST, ...FAULT_POINTS.filter((point) => point !== FIRST)].map((point) => ({
  point: point as FaultPoint,
  times: 1,
}));

async function killEverywhere(database: Database) {
  await using stage = await openStage(database);
  return await liveThrough(stage, once);
}

const allIsWell = { missed: [], problems: [], asked: expect.any(Number) };

test(
  "killed at every named point on PGlite, each question has exactly one whole answer, in order",
  async () => {
    await using folder = await openFolder();

    const report = await killEverywhere(folder);

    expect(report).toEqual(allIsWell);
    expect(report.asked).toBeGreaterThan(FAULT_POINTS.length);
  },
  15 * MINUTES,
);

const withServer =
  inject("serverUrl") === null ? "(not run: CLARA_TEST_DATABASE_URL is not set) " : "";
test.skipIf(withServer !== "")(
  `${withServer}killed at every named point on PostgreSQL, each question has exactly one whole answer, in order`,
  async () => {
    await using database = await createTestDatabase();

    const report = await killEverywhere({ ...database, env: { DATABASE_URL: database.href } });

    expect(report).toEqual(allIsWell);
    expect(report.asked).toBeGreaterThan(FAULT_POINTS.length);
  },
  15 * MINUTES,
);
