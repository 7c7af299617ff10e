/**
 * How fast code runs in a sandbox, beside Docker's own program in the same minutes: `npm run bench:sandbox`. Wants
 * CLARA_TEST_DOCKER_HOST and CLARA_TEST_SANDBOX_IMAGE, as scripts/services.sh gives them. It measures and does not judge.
 */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { systemClock } from "../../src/core/clock.ts";
import { silentLog } from "../../src/core/log.ts";
import type { Program, Sandbox, SandboxLimits, SandboxRunner } from "../../src/core/sandbox.ts";
import { createDockerRunner } from "../../src/sandbox/docker/docker-runner.ts";
import { createWarmPool } from "../../src/sandbox/warm-pool.ts";
import { medianAnd95th } from "../percentile.ts";

const MIB = 1_024 * 1_024;
const LIMITS: SandboxLimits = {
  memoryBytes: 256 * MIB,
  cpus: 1,
  processes: 64,
  workspaceBytes: 64 * MIB,
  workspaceFiles: 4_000,
  fileBytes: 32 * MIB,
};
const CODE = "print(1)";
const [TIMES_LIVE, TIMES_FRESH, TIMES_COLD, AT_ONCE] = [300, 40, 15, 20];

const signal = new AbortController().signal;
const host = process.env["CLARA_TEST_DOCKER_HOST"] ?? "";
const image = process.env["CLARA_TEST_SANDBOX_IMAGE"] ?? "";
const house = `bench-${randomUUID()}`;
const run = promisify(execFile);
const docker = (...words: readonly string[]) => run("docker", ["--host", host, ...words]);

async function time(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function toEnd(sandbox: Sandbox, program: Program): Promise<void> {
  let out = "";
  const limits = { timeMs: 60_000, outBytes: MIB, errBytes: MIB };
  for await (const event of sandbox.exec(program, limits, signal))
    if (event.type === "output") out += Buffer.from(event.bytes).toString();
  if (out !== "1\n") throw new Error(`It printed ${JSON.stringify(out)}`);
}

const tell = (what: string, times: readonly number[]): number => {
  const [middle = NaN, late = NaN] = medianAnd95th(times);
  console.log(
    `${what.padEnd(58)} p50 ${middle.toFixed(1)} ms, p95 ${late.toFixed(1)} ms, ${times.length} times`,
  );
  return middle;
};

const ratio = (what: string, ours: number, theirs: number): void =>
  console.log(`${what.padEnd(58)} ${(ours / theirs).toFixed(2)}`);

async function live(sandbox: Sandbox): Promise<void> {
  const program: Program = { kind: "session", code: CODE };
  await toEnd(sandbox, program);
  const times: number[] = [];
  for (let count = 0; count < TIMES_LIVE; count += 1)
    times.push(await time(() => toEnd(sandbox, program)));
  tell("print(1) in a live Python session", times);
}

async function fresh(sandbox: Sandbox): Promise<void> {
  const { stdout } = await docker("run", "--detach", "--rm", image, "sleep", "600");
  const bare = stdout.trim();
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let count = 0; count < TIMES_FRESH; count += 1) {
    ours.push(await time(() => toEnd(sandbox, { kind: "python", code: CODE })));
    theirs.push(await time(() => docker("exec", bare, "python3", "-c", CODE)));
  }
  await docker("kill", bare);
  ratio(
    "ours to bare",
    tell("print(1) in a process of its own", ours),
    tell("bare docker exec", theirs),
  );
}

async function cold(runner: SandboxRunner): Promise<void> {
  const pool = createWarmPool({ runner, log: silentLog }, { size: 1, limits: LIMITS });
  const [ours, warm, theirs]: [number[], number[], number[]] = [[], [], []];
  for (let count = 0; count < TIMES_COLD; count += 1) {
    ours.push(await once(runner));
    await pool.fill();
    warm.push(await once(pool));
    theirs.push(await time(() => docker("run", "--rm", image, "python3", "-c", CODE)));
  }
  await pool.empty();
  const ourMiddle = tell("print(1) in a sandbox that starts for it", ours);
  tell("print(1) in a sandbox that waits", warm);
  ratio("ours to bare", ourMiddle, tell("docker run", theirs));
}

/** Until the answer is there; ending it is not waited for by anybody. */
async function once(runner: SandboxRunner): Promise<number> {
  let opened: Sandbox | null = null;
  const took = await time(async () => {
    opened = await runner.create("bench", LIMITS, signal);
    await toEnd(opened, { kind: "python", code: CODE });
  });
  await (opened as Sandbox | null)?.kill();
  return took;
}

async function atOnce(runner: SandboxRunner): Promise<void> {
  const began = performance.now();
  const runs = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => once(runner)));
  const times = runs.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  tell(`${AT_ONCE} at once, each from nothing`, times);
  console.log(
    `  failures: ${runs.length - times.length}, all done after ${(performance.now() - began).toFixed(0)} ms`,
  );
}

async function left(): Promise<number> {
  const { stdout } = await docker(
    "ps",
    "--all",
    "--quiet",
    "--filter",
    `label=clara.sandbox.house=${house}`,
  );
  return stdout.split("\n").filter((line) => line !== "").length;
}

const runner = createDockerRunner(
  { clock: systemClock, createId: randomUUID, log: silentLog, findHost: null },
  { host, image, house, maxSandboxes: 64 },
);
console.log(`${new Date().toISOString().slice(0, 10)}, Node ${process.version}`);
const sandbox = await runner.create("bench", LIMITS, signal);
await live(sandbox);
await fresh(sandbox);
await sandbox.kill();
await cold(runner);
await atOnce(runner);
console.log(`left behind: ${await left()}`);
