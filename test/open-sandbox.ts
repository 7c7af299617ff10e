import { randomUUID } from "node:crypto";
import assert from "node:assert/strict";
import { describe, onTestFinished } from "vitest";
import { systemClock } from "../src/core/clock.ts";
import type { FindHost } from "../src/core/net.ts";
import { silentLog } from "../src/core/log.ts";
import type {
  Program,
  RunEnd,
  RunLimits,
  Sandbox,
  SandboxLimits,
  SandboxRunner,
} from "../src/core/sandbox.ts";
import { createDockerRunner } from "../src/sandbox/docker/docker-runner.ts";

const host = process.env["CLARA_TEST_DOCKER_HOST"] || null;
const isRequired = process.env["CLARA_TEST_SERVICES"] === "required";

/** Tests on a real Docker engine. Where there is none, the name says why they were not run; CI requires one. */
export function describeDocker(name: string, tests: () => void): void {
  const isLeftOut = host === null && !isRequired;
  const why = isLeftOut
    ? " (not run: CLARA_TEST_DOCKER_HOST is not set; scripts/services.sh gives it)"
    : "";
  describe.skipIf(isLeftOut)(`${name}${why}`, () => {
    tests();
  });
}

const MIB = 1024 * 1024;
export const ALIVE = new AbortController().signal;

export const SMALL: SandboxLimits = {
  memoryBytes: 128 * MIB,
  cpus: 1,
  processes: 48,
  workspaceBytes: 32 * MIB,
  workspaceFiles: 2_000,
  fileBytes: 16 * MIB,
};
const BRIEF: RunLimits = { timeMs: 20_000, outBytes: MIB, errBytes: 256 * 1024 };

/** The engine for tests, and the image in it. Throws where there is none. */
export function testEngine(): { readonly host: string; readonly image: string } {
  const image = process.env["CLARA_TEST_SANDBOX_IMAGE"];
  assert(host && image, "CLARA_TEST_SERVICES=required, but CLARA_TEST_DOCKER_HOST is not set");
  return { host, image };
}

/** With a house of its own: nothing of another test is seen. */
export const openDockerRunner = (
  change: Partial<Parameters<typeof createDockerRunner>[1]> = {},
  findHost: FindHost | null = null,
): SandboxRunner =>
  createDockerRunner(
    { clock: systemClock, createId: randomUUID, log: silentLog, findHost },
    { ...testEngine(), house: randomUUID(), maxSandboxes: 8, ...change },
  );

/** One that is gone when the test is over. */
export async function openSandbox(
  runner: SandboxRunner = openDockerRunner(),
  limits: Partial<SandboxLimits> = {},
): Promise<Sandbox> {
  const sandbox = await runner.create("test", { ...SMALL, ...limits }, ALIVE);
  onTestFinished(() => sandbox.kill());
  return sandbox;
}

export interface Ran extends RunEnd {
  readonly out: string;
  readonly err: string;
  /** null for what is no session's run. */
  readonly isNew: boolean | null;
}

/** A program until its end. */
export async function run(
  sandbox: Sandbox,
  program: Program,
  limits: Partial<RunLimits> = {},
  signal: AbortSignal = ALIVE,
): Promise<Ran> {
  const texts = { out: "", err: "" };
  let isNew: boolean | null = null;
  for await (const event of sandbox.exec(program, { ...BRIEF, ...limits }, signal)) {
    if (event.type === "output") texts[event.to] += Buffer.from(event.bytes).toString();
    if (event.type === "session") isNew = event.isNew;
    if (event.type === "end") return { ...event, ...texts, isNew };
  }
  throw new Error("The program did not end.");
}

export const python = (code: string): Program => ({ kind: "python", code });
export const shell = (command: string): Program => ({ kind: "shell", command });
export const session = (code: string): Program => ({ kind: "session", code });
