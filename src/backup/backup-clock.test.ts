import { expect, test } from "vitest";
import type { Backups, BackupSummary } from "../core/backup.ts";
import { silentLog, type Log } from "../core/log.ts";
import { createBackupClock, nextTime } from "./backup-clock.ts";

const SCHEDULE = { cron: "0 3 * * *", timeZone: "Europe/Berlin", protectionMs: 23 * 3_600_000 };

const summaryAt = (madeAt: Date): BackupSummary => ({
  id: "one",
  madeAt,
  why: "scheduled",
  rows: 1,
  files: 0,
  sizeBytes: 1,
  hasSecrets: false,
});

/** Two days by a clock that moves only while it sleeps. */
async function twoDays(given: Partial<Pick<Backups, "make" | "list">>, log: Log = silentLog) {
  let now = new Date("2026-11-25T12:00:00Z");
  const end = new Date("2026-11-27T12:00:00Z");
  const stop = new AbortController();
  const made: string[] = [];
  const clock = createBackupClock(
    {
      clock: { now: () => now },
      async sleep(ms) {
        now = new Date(now.getTime() + ms);
        if (now >= end) stop.abort();
      },
      backups: {
        list: given.list ?? (async () => []),
        async make(...asked) {
          made.push(now.toISOString());
          return (given.make ?? (async () => summaryAt(now)))(...asked);
        },
      },
      log,
    },
    SCHEDULE,
  );
  await clock.run(stop.signal);
  return made;
}

test("a copy is made at its time of the day in the house's zone", async () => {
  expect(await twoDays({})).toEqual(["2026-11-26T02:00:00.000Z", "2026-11-27T02:00:00.000Z"]);
});

test("none is made while the newest is young", async () => {
  const list = async () => [summaryAt(new Date("2026-11-26T12:00:00Z"))];

  expect(await twoDays({ list })).toEqual([]);
});

test("one that fails is told, and the next one is tried", async () => {
  const told: string[] = [];
  const log = { ...silentLog, error: (_: object, event: string) => void told.push(event) };
  const make = () => Promise.reject(new Error("The disk is full"));

  const made = await twoDays({ make }, log);

  expect(made).toHaveLength(2);
  expect(told).toEqual(["backup-failed", "backup-failed"]);
});

test("an hour that the clocks leave out, or have twice, is one time", () => {
  const berlin = { ...SCHEDULE, cron: "30 2 * * *" };

  const spring = nextTime(berlin, new Date("2026-03-28T12:00:00Z"));
  const autumn = nextTime(berlin, new Date("2026-10-25T00:45:00Z"));

  expect(spring?.toISOString()).toBe("2026-03-29T01:00:00.000Z");
  expect(autumn?.toISOString()).toBe("2026-10-26T01:30:00.000Z");
});
