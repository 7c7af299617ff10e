import pino from "pino";
import { createSecretFilter, IN_LOGS } from "./secret-filter.ts";

export interface LogOptions {
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  /** Taken out of every line: errors of drivers and SDKs may quote them. */
  readonly secrets: () => readonly string[];
}

/** A logger that writes one JSON line per event to `destination`, at once. */
export const createLog = (
  { level, secrets }: LogOptions,
  destination: { write: (line: string) => unknown },
): pino.Logger => {
  const clean = createSecretFilter(secrets, IN_LOGS).whole;
  return pino(
    {
      level,
      // Which machine and process it was is known to whoever collects the lines.
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: toFields, error: toFields },
      hooks: { streamWrite: (line) => `${cleanJson(line, clean)}\n` },
    },
    { write: (line) => destination.write(line) },
  );
};

/** True for a line that somebody must see. */
export const isError = (line: string): boolean => /^\{"level":[56]0,/.test(line);

/**
 * Each text by itself: in JSON, what stands before a key may look like a part of it. When it was is nobody's secret, and
 * a short secret may look like a part of it.
 */
const cleanJson = (line: string, clean: (text: string) => string): string => {
  const written = JSON.parse(line) as { readonly time: string };
  const cleaned = JSON.parse(line, (_, value: unknown) =>
    typeof value === "string" ? clean(value) : value,
  ) as object;
  return JSON.stringify({ ...cleaned, time: written.time });
};

/** Of several errors in one, so many are told. */
const MAX_ERRORS = 10;
/** Errors of SDKs and drivers carry requests, rows and words of people beside these. */
const ERROR_FIELDS = ["type", "message", "stack", "code", "status", "kind", "constraint", "table"];

const toFields = (error: unknown): unknown =>
  error instanceof Error ? pick(pino.stdSerializers.err(error)) : error;

function pick(all: pino.SerializedError): object {
  const fields = ERROR_FIELDS.flatMap((name): readonly (readonly [string, unknown])[] =>
    isPlain(all[name]) ? [[name, all[name]]] : [],
  );
  const errors = all.aggregateErrors?.slice(0, MAX_ERRORS).map(pick);
  return { ...Object.fromEntries(fields), ...(errors ? { aggregateErrors: errors } : {}) };
}

const isPlain = (value: unknown): boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";
