import pino from "pino";
import { hide } from "./hide.ts";

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
  const clean = hide(secrets);
  return pino(
    {
      level,
      // Which machine and process it was is known to whoever collects the lines.
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
      hooks: { streamWrite: clean },
    },
    { write: (line) => destination.write(line) },
  );
};
