/**
 * What plug-ins cost: `node bench/mcp/main.ts`. A call through Clara's room beside a call with the library alone, in one
 * run, over stdio and HTTP; and a start with 40 servers of which 5 are dead, beside a start with none. `--calls N`.
 */
import { parseArgs } from "node:util";
import { measureOverhead } from "./overhead.ts";
import { measureStart } from "./start.ts";

const { values } = parseArgs({
  options: { calls: { type: "string", default: "4000" }, starts: { type: "string", default: "5" } },
});

console.log("| a call, ms (p50 / p95) | the library alone | through the room | on top, p50 |");
console.log("|---|---|---|---|");
for (const way of ["stdio", "http"] as const) {
  const { bare, ours } = await measureOverhead(way, Number(values.calls));
  const shown = [bare, ours].map((each) => each.map((ms) => ms.toFixed(3)).join(" / "));
  const added = (ours[0] ?? 0) - (bare[0] ?? 0);
  console.log(`| ${way} | ${shown.join(" | ")} | ${added.toFixed(3)} |`);
}
if (Number(values.starts) > 0) await measureStart(Number(values.starts));
process.exit(0);
