import type { Diagnosis, Verdict } from "./check.ts";

const MARKS: Readonly<Record<Verdict, string>> = { ok: "✓", warning: "!", broken: "✗", off: "-" };

/** A line for each diagnosis with a mark, what to do below it, and the sum at the end. */
export function toText(diagnoses: readonly Diagnosis[]): string {
  const width = Math.max(...diagnoses.map(({ name }) => name.length));
  const lines = diagnoses.flatMap(({ name, verdict, says, advice }) => [
    `${MARKS[verdict]} ${name.padEnd(width)}  ${says}`,
    ...advice.map((line) => `  ${" ".repeat(width)}  ${line}`),
  ]);
  return `${[...lines.map(toPrintable), "", sumOf(diagnoses)].join("\n")}\n`;
}

/** Names of servers come from strangers, and a terminal obeys control characters. */
const toPrintable = (line: string): string => line.replace(/\p{Cc}/gu, "");

function sumOf(diagnoses: readonly Diagnosis[]): string {
  const count = (wanted: Verdict) => diagnoses.filter(({ verdict }) => verdict === wanted).length;
  const [broken, warnings] = [count("broken"), count("warning")];
  if (broken === 0 && warnings === 0) return "All is well.";
  return `${broken} broken, ${warnings} to know about.`;
}
