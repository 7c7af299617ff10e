import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { silentLog } from "../core/log.ts";
import { openProcessLedger, RUN_VARIABLE } from "./process-ledger.ts";
import { numberSpace, readProcess } from "./processes.ts";

const EARLIER = "0123456789abcdef-earlier";

/** A folder with the page of a run whose Clara is dead, or of one that is `owner`. */
async function folderWith(page: object | string) {
  const folder = await mkdtemp(join(tmpdir(), "clara-ledger-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const text = typeof page === "string" ? page : JSON.stringify(page);
  await writeFile(join(folder, `${EARLIER}.json`), text);
  return folder;
}

const pageOf = async (changes: object = {}) => ({
  run: EARLIER,
  space: await numberSpace(),
  owner: { pid: 999_999_999, startTime: "1" },
  processes: [],
  ...changes,
});

/** A program that does nothing for a minute. */
async function startSleeper(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: "ignore",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child, "spawn");
  return child.pid ?? 0;
}

const open = (folder: string) =>
  openProcessLedger({ createId: () => "fedcba9876543210-mine", log: silentLog }, folder);

test("what carries the name of a run that is over is ended, and its page is gone", async () => {
  const pid = await startSleeper({ [RUN_VARIABLE]: `${EARLIER} some program` });
  const folder = await folderWith(await pageOf());

  await using _ledger = await open(folder);

  expect(await readProcess(pid)).toBeNull();
  expect(await readdir(folder)).toEqual(["fedcba9876543210-mine.json"]);
});

test("a process is ended by number and time of start, and left alone when the number is another's by now", async () => {
  const pid = await startSleeper();
  const { startTime = "" } = (await readProcess(pid)) ?? {};
  const reused = await folderWith(await pageOf({ processes: [{ pid, startTime: "1" }] }));
  const same = await folderWith(await pageOf({ processes: [{ pid, startTime }] }));

  await using _first = await open(reused);
  const afterReused = await readProcess(pid);
  await using _second = await open(same);

  expect(afterReused).not.toBeNull();
  expect(await readProcess(pid)).toBeNull();
});

test("what belongs to a Clara that runs, or to another container, is left alone", async () => {
  const pid = await startSleeper({ [RUN_VARIABLE]: `${EARLIER} some program` });
  const { startTime = "" } = (await readProcess(process.pid)) ?? {};
  const running = await folderWith(await pageOf({ owner: { pid: process.pid, startTime } }));
  const elsewhere = await folderWith(await pageOf({ space: "pid:[1]" }));

  await using _first = await open(running);
  await using _second = await open(elsewhere);

  expect(await readProcess(pid)).not.toBeNull();
});

test("a page that is half written stops nobody", async () => {
  const folder = await folderWith('{"run":"01');

  await using ledger = await open(folder);

  expect(ledger.run).toBe("fedcba9876543210-mine");
});

test("a run that ends in order leaves no page", async () => {
  const folder = await folderWith(await pageOf());
  const ledger = await open(folder);

  await ledger[Symbol.asyncDispose]();

  expect(await readdir(folder)).toEqual([]);
});
