/** `npm run tour`: plays the tour and writes docs/tour.md; with `--check` it compares instead. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { playTour } from "./play.ts";

const FILE = join(import.meta.dirname, "../../docs/tour.md");

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const startedAt = performance.now();
const text = await playTour();
const seconds = Math.round((performance.now() - startedAt) / 1_000);
if (!values.check) {
  await writeFile(FILE, text);
  console.log(`docs/tour.md is written, in ${seconds} s.`);
} else if (text === (await readFile(FILE, "utf8"))) {
  console.log(`docs/tour.md is as the program plays it, in ${seconds} s.`);
} else {
  const [now, before] = [text.split("\n"), (await readFile(FILE, "utf8")).split("\n")];
  const at = now.findIndex((line, index) => line !== before[index]);
  console.error(`Line ${at + 1} was "${before[at]}" and is "${now[at]}".`);
  console.error(
    "docs/tour.md is not what the program plays now: run `npm run tour` and read what changed.",
  );
  process.exitCode = 1;
}
