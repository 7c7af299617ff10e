import { z } from "zod";
import type { EntryLevel, LogEntry } from "../core/log-entries.ts";
import type { Json, JsonObject } from "../core/model.ts";

/** Of the lines below a warning only this one is kept: what a turn came to. There is one of it for each answer. */
const KEPT_EVENT = "turn-end";
/** pino's numbers. */
const LEVELS: Readonly<Record<number, EntryLevel>> = { 30: "info", 40: "warn", 50: "error" };
/** Characters of one text, such as a stack. */
const MAX_TEXT = 2_000;
const MAX_FIELDS = 40;

const BEGINNING = /^\{"level":(\d+),/;
const ENDING = `"msg":"${KEPT_EVENT}"}`;

const written = z.looseObject({
  level: z.number(),
  time: z.coerce.date(),
  msg: z.string().default(""),
  room: z.string().nullish(),
});

/** What is kept of a line of the log; null for most, which are looked at no further than their level and their end. */
export function toEntry(line: string): LogEntry | null {
  const level = LEVELS[Number(BEGINNING.exec(line)?.[1])];
  if (level === undefined) return null;
  if (level === "info" && !line.trimEnd().endsWith(ENDING)) return null;
  const { time: at, msg, room, level: _, ...rest } = written.parse(JSON.parse(line));
  return {
    at,
    level,
    event: msg.slice(0, MAX_TEXT),
    room: room ?? null,
    fields: shortened(rest as JsonObject),
  };
}

const shortened = (fields: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(fields)
      .slice(0, MAX_FIELDS)
      .map(([name, value]) => [name, short(value)]),
  );

function short(value: Json): Json {
  if (typeof value === "string") return value.slice(0, MAX_TEXT);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.slice(0, MAX_FIELDS).map((each: Json) => short(each));
  return shortened(value as JsonObject);
}
