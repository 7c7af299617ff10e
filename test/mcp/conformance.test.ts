import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";

const SUITE = "node_modules/@modelcontextprotocol/conformance/dist/index.js";
const CLIENT = `${process.execPath} test/mcp/conformance-client.ts`;
const DOCS = readFileSync("docs/MCP.md", "utf8");

/** What the unchanged suite says of each scenario that a revision requires; those that it does not score are left out. */
async function run(revision: string): Promise<Readonly<Record<string, boolean>>> {
  const folder = await mkdtemp(join(tmpdir(), "clara-conformance-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const args = [
    "client",
    "--command",
    CLIENT,
    "--requirements",
    revision,
    "--timeout",
    "120000",
    "-o",
    folder,
  ];
  // It ends with 1 as soon as one scenario fails, also one that is not scored.
  const said = await new Promise<string>((resolve) =>
    execFile(process.execPath, [join(process.cwd(), SUITE), ...args], (_, stdout) =>
      resolve(stdout),
    ),
  );
  const [, summary = ""] = said.split("=== SUITE SUMMARY ===");
  const [scored = ""] = summary.split("Not scored for");
  const unscored = [...summary.matchAll(/^ {2}[✓✗] (\S+) \(/gmu)].map(([, name]) => name);
  const rows = [...scored.matchAll(/^([✓✗]) (\S+):/gmu)].flatMap(([, mark, name = ""]) =>
    unscored.includes(name) ? [] : [[name, mark === "✓"] as const],
  );
  return Object.fromEntries(rows);
}

/** The table in docs/MCP.md: one line a scenario, one column a revision. */
function documented(column: number): Readonly<Record<string, boolean>> {
  const lines = DOCS.split("\n").filter((line) => line.startsWith("| `"));
  const rows = lines.flatMap((line) => {
    const cells = line.split("|").map((cell) => cell.trim());
    const [, name = ""] = cells;
    const cell = cells[column + 1] ?? "";
    return cell === "" ? [] : [[name.replaceAll("`", ""), cell === "passes"] as const];
  });
  return Object.fromEntries(rows);
}

describe("the conformance suite's client scenarios", () => {
  test.each([
    ["2026-07-28", 1, 32],
    ["2025-11-25", 2, 18],
  ])("of %s end as docs/MCP.md says", { timeout: 240_000 }, async (revision, column, count) => {
    const results = await run(revision);

    expect(results).toEqual(documented(column));
    expect(Object.keys(results)).toHaveLength(count);
  });
});
