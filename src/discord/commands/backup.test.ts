import { expect, test } from "vitest";
import { commandContext } from "../../../test/command-context.ts";
import { newDm } from "../../../test/talk.ts";
import type { Backups, BackupState, BackupSummary } from "../../core/backup.ts";
import { backupGroup, OPERATORS_ONLY } from "./backup.ts";

const SUMMARY: BackupSummary = {
  id: "2026-11-25T03-00-00Z-abcdef",
  madeAt: new Date("2026-11-25T03:00:00Z"),
  why: "scheduled",
  rows: 1_234,
  files: 5,
  sizeBytes: 2_345_678,
  hasSecrets: false,
};
const STATE: BackupState = {
  where: "a folder of this machine",
  nextAt: new Date("2026-11-26T03:00:00Z"),
  keptDays: 7,
  isRunning: false,
  lastTry: null,
};

async function run(
  command: string,
  change: Partial<Backups> = {},
  { isOperator = true, input = {} } = {},
) {
  const backups: Backups = {
    make: async () => SUMMARY,
    list: async () => [SUMMARY],
    state: () => STATE,
    ...change,
  };
  const found = backupGroup({ backups, patienceMs: 0 }).commands.find(
    ({ name }) => name === command,
  );
  return found?.run(input, commandContext(newDm("ana"), "ana", { isOperator }));
}

test.each(["now", "status", "list"])("/backup %s is the operator's", async (command) => {
  expect(await run(command, {}, { isOperator: false })).toBe(OPERATORS_ONLY);
});

test("/backup list tells what each copy holds", async () => {
  expect(await run("list")).toBe(
    "- `2026-11-25T03-00-00Z-abcdef` <t:1795575600:R>, by the clock: 1234 rows, 5 files, 2.3 MB\n-# `clara restore NAME` brings one back, into an empty database.",
  );
  expect(await run("list", { list: async () => [] })).toContain("`/backup now` makes one");
});

test("/backup list gives as many as were asked for", async () => {
  const asked: number[] = [];
  const list = async (limit: number) => {
    asked.push(limit);
    return [];
  };

  await run("list", { list }, { input: { limit: "50" } });
  await run("list", { list });

  expect(asked).toEqual([50, 10]);
});

test("/backup now says what was made, why not, or that it takes longer", async () => {
  const full = () => Promise.reject(new Error("There is no space left."));

  expect(await run("now")).toContain("✅ A copy was made and read back.");
  expect(await run("now", { make: full })).toBe("❌ No copy was made: There is no space left.");
  expect(await run("now", { make: () => new Promise(() => {}) })).toContain("taking longer");
});

test("/backup status tells of the newest, the next, and what failed", async () => {
  const lastTry = { at: new Date("2026-11-25T03:00:00Z"), problem: "There is no space left." };

  expect(await run("status")).toContain("due <t:1795662000:R>");
  expect(await run("status", { state: () => ({ ...STATE, lastTry }) })).toContain(
    "failed: There is no space left.",
  );
  expect(await run("status", { state: () => ({ ...STATE, nextAt: null }) })).toContain(
    "BACKUP_CRON_SCHEDULE is off",
  );
});
