import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** What differs from one run to the next, and what stands there instead. In this order. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/owner-of-home/g, "olga"],
  [/https:\/\/discord\.com\/channels\/[\d@a-z/]+/g, "https://discord.com/channels/…"],
  [/`20\d\d-\d\d-\d\dT[\dZ-]+[\da-f]{6}`/g, "`2026-01-01T12-00-00Z-abcdef`"],
  [/https?:\/\/127\.0\.0\.1:\d+/g, "http://127.0.0.1"],
  [/<t:\d+(?::\w)?>/g, "1 January 2026 12:00"],
  [/\b20\d\d\.\d{1,2}\.\d+\b/g, "2026.1.0"],
  [/\b20\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?/g, "2026-01-01"],
  [
    /(?:\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) 20\d\d\b/g,
    "1 January 2026",
  ],
  [/\b\d\d:\d\d(?::\d\d)?\b/g, "12:00"],
  [/\$\d+\.\d+/g, "$0.01"],
  [/\b[\d,]+ tokens\b/g, "100 tokens"],
  [/\b\d+(?:\.\d+)? (?:ms|s)\b/g, "1 s"],
  [/\b\d+(?:\.\d+)? (?:bytes|kB|KB|MB)\b/g, "1 kB"],
  [/\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/g, "(an id)"],
  [/\bclara_[\w-]{20,}/g, "clara_…"],
  [/`m[\da-f]{12}`/g, "`m0123456789ab`"],
  [/\bUsed \d+ times\b/g, "Used 2 times"],
  [/\b\d+ (lines before it|answers|out|rows|files)\b/g, "20 $1"],
  // Of an export: how much of each kind, save what the tour itself has made.
  [/\b(messages|approvals|model calls) \d+/g, "$1 20"],
  // What is learnt from an answer is paid with it, sooner or later.
  [/\b\d+ calls?$/gm, "2 calls"],
  [/\b\d{17,20}\b/g, "(an id)"],
];

/** The same text in every run: ids, times, sizes and costs as fixed ones. */
export const fixed = (text: string): string =>
  CHANGING.reduce(
    (all, [pattern, instead]) => all.replace(pattern, instead),
    relative(text).replaceAll(process.execPath, "/usr/bin/node").replaceAll(ROOT, "/app"),
  );

/** As Discord writes it: "in 3 days", "2 minutes ago", only without the numbers. So it has to be read when it is shown. */
const relative = (text: string): string =>
  text.replace(/<t:(\d+):R>/g, (_, seconds: string) =>
    Number(seconds) * 1_000 > Date.now() ? "in a while" : "a while ago",
  );
