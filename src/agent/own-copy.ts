import type { Json } from "../core/model.ts";

/** All rows of one person, by kind. */
export type Everything = Readonly<Record<string, readonly Json[]>>;

/** For programs; the same form in every version, so that old copies can be read. */
export const toJsonCopy = (all: Everything): string =>
  JSON.stringify({ format: "clara-person", version: 1, ...all }, null, 2);

/** To read. */
export const toMarkdownCopy = (all: Everything, date: string): string =>
  [
    `# What Clara keeps of you, ${date}`,
    ...Object.entries(all).flatMap(([kind, items]) => [
      `\n## ${kind}\n`,
      ...(items.length === 0 ? ["Nothing."] : items.map((item) => `- ${lineOf(item)}`)),
    ]),
    "",
  ].join("\n");

/** Its fields, a line for each row; what is empty is left out. */
const lineOf = (item: Json): string =>
  Object.entries(Object(item) as Record<string, Json>)
    .filter(([, value]) => value !== null && value !== "")
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" · ")
    .replace(/\s+/g, " ");
