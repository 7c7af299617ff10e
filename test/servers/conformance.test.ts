import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { serveOverHttp } from "./connect.ts";
import { openConformanceServer } from "./conformance-server.ts";
import { serverMachine } from "./machine.ts";

const SUITE = fileURLToPath(import.meta.resolve("@modelcontextprotocol/conformance/dist/index.js"));

/** What a revision of the protocol requires of servers, asked by the official suite. */
async function conformance(revision: string) {
  const machine = serverMachine({ SAMPLE_HTTP_AUTH: "off" });
  await using served = await serveOverHttp(machine, await openConformanceServer(machine));
  const folder = await mkdtemp(join(tmpdir(), "clara-conformance-"));
  const args = ["server", "--url", served.url, "--requirements", revision, "--output-dir", folder];
  const child = spawn(process.execPath, [SUITE, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [output] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await rm(folder, { recursive: true, force: true });
  return { code: child.exitCode, passed: namesIn(output, "✓"), failed: namesIn(output, "✗") };
}

/** The suite ends with one line for each scenario. */
const namesIn = (output: string, mark: string): readonly string[] =>
  [...output.matchAll(new RegExp(`^${mark} ([\\w-]+): \\d+ passed`, "gm"))].map(
    ([, name = ""]) => name,
  );

/** The extension for tasks is not offered: our servers answer at once. The suite does not count it. */
const isTasks = (name: string): boolean => name.startsWith("tasks-");

test.each([
  { revision: "2025-11-25", scenarios: 33 },
  { revision: "2026-07-28", scenarios: 40 },
])(
  "all $scenarios scenarios of $revision for servers pass, but for the extension for tasks",
  async ({ revision, scenarios }) => {
    const { code, passed, failed } = await conformance(revision);

    expect(failed.filter((name) => !isTasks(name))).toEqual([]);
    expect(passed.filter((name) => !isTasks(name))).toHaveLength(scenarios);
    expect(code).toBe(0);
  },
);
