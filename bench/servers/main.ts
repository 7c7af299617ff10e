/**
 * How much the MCP servers add: `npm run bench:servers`. Kledo and Vault are the emulators of the tests, on this machine.
 * It measures and does not judge: docs/SERVERS.md has the aims and what was found.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import type { Times } from "./measure.ts";
import { overhead } from "./overhead.ts";
import { manyTenants } from "./tenants.ts";

const home = await mkdtemp(join(tmpdir(), "clara-bench-"));
try {
  const { direct, uncached, cached, cacheAlone } = await overhead(home);
  const tenants = await manyTenants(home);
  const line = (name: string, aim: string, { p50, p95, p99 }: Times): string =>
    `| ${name} | ${aim} | ${[p50, p95, p99].map((ms) => ms.toFixed(2)).join(" | ")} |`;
  const added = {
    p50: uncached.p50 - direct.p50,
    p95: uncached.p95 - direct.p95,
    p99: uncached.p99 - direct.p99,
  };
  const cores = cpus();
  console.log(
    [
      `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cores.length} cores of ${cores[0]?.model ?? "?"}`,
      "",
      "| ms | aim (p50) | p50 | p95 | p99 |",
      "|---|---|---|---|---|",
      line("Kledo asked directly", "", direct),
      line("the same by way of the server, uncached, over stdio", "", uncached),
      line("what the server adds", "< 3", added),
      line("a tool answered from the cache, over stdio", "", cached),
      line("the cache alone, a page of 75 kB", "< 1", cacheAlone),
      line("500 calls of 50 tenants at once, over HTTP", "", tenants.times),
      "",
      `${tenants.calls} calls of 50 tenants: ${tenants.foreign} read another tenant's data, ${tenants.failed} failed.`,
      ...tenants.words,
    ].join("\n"),
  );
} finally {
  await rm(home, { recursive: true, force: true });
}
