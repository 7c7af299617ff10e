import { z } from "zod";
import { SandboxProblem, type RunEvent } from "../core/sandbox.ts";

/** What Clara and `clara serve sandbox` say to each other; both read it by these shapes. */
const MAX_CODE_CHARS = 1_000_000;
const MAX_ARGUMENTS = 100;
const MAX_MS = 600_000;
const MAX_OUTPUT_BYTES = 8 * 1_024 * 1_024;

const text = z.string().max(MAX_CODE_CHARS);

const PROGRAM = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("session"), code: text }),
  z.object({ kind: z.literal("python"), code: text }),
  z.object({ kind: z.literal("shell"), command: text }),
  z.object({
    kind: z.literal("argv"),
    argv: z.tuple([text], text).refine((argv) => argv.length <= MAX_ARGUMENTS),
    env: z.record(z.string().max(200), z.string().max(10_000)).default({}),
  }),
]);

export const RUN = z.object({
  program: PROGRAM,
  limits: z.object({
    timeMs: z.int().min(1).max(MAX_MS),
    outBytes: z.int().min(0).max(MAX_OUTPUT_BYTES),
    errBytes: z.int().min(0).max(MAX_OUTPUT_BYTES),
    hosts: z.array(z.string().max(253)).max(20).exactOptional(),
  }),
});

const LIMIT = z.enum(["time", "output", "memory", "processes", "disk", "file-size", "stopped"]);
const KIND = z.enum(["unavailable", "image", "busy", "disk", "ended", "file"]);

export const PROBLEM = z.object({
  type: z.literal("problem"),
  kind: KIND,
  message: z.string().max(2_000),
});

/** A line of a run. */
export const LINE = z.discriminatedUnion("type", [
  z.object({ type: z.literal("output"), to: z.enum(["out", "err"]), base64: z.base64() }),
  z.object({ type: z.literal("session"), isNew: z.boolean() }),
  z.object({
    type: z.literal("end"),
    exitCode: z.int().nullable(),
    signal: z.int().nullable(),
    limit: LIMIT.nullable(),
    elapsedMs: z.number(),
    peakBytes: z.number(),
    hasSession: z.boolean(),
  }),
  PROBLEM,
]);

export const LISTING = z.object({
  entries: z.array(
    z.object({
      path: z.string(),
      sizeBytes: z.int().min(0),
      modifiedAt: z.coerce.date(),
      isProgram: z.boolean(),
      version: z.string(),
    }),
  ),
  others: z.int(),
  isCut: z.boolean(),
  usedBytes: z.number(),
  freeBytes: z.number(),
});

export const STATUS = z.object({
  isRunning: z.boolean(),
  files: z.int(),
  sizeBytes: z.number(),
  quotaBytes: z.number(),
  snapshots: z.array(
    z.object({
      id: z.string(),
      savedAt: z.coerce.date(),
      files: z.int(),
      sizeBytes: z.number(),
    }),
  ),
});

export const RUNNING = z.array(
  z.object({
    id: z.string(),
    owner: z.string(),
    startedAt: z.coerce.date(),
    usedAt: z.coerce.date(),
    isBusy: z.boolean(),
  }),
);

export const MARKS = z.array(z.string().max(200)).max(100);

export const HEALTH = z.object({
  engine: z.string(),
  running: z.int(),
  warnings: z.array(z.string()),
});

export const toLine = (event: RunEvent): z.input<typeof LINE> =>
  event.type === "output"
    ? { type: "output", to: event.to, base64: Buffer.from(event.bytes).toString("base64") }
    : event;

export const fromLine = (line: z.infer<typeof LINE>): RunEvent => {
  if (line.type === "problem") throw new SandboxProblem(line.kind, line.message);
  if (line.type !== "output") return line;
  return { type: "output", to: line.to, bytes: Buffer.from(line.base64, "base64") };
};

export const toProblemBody = ({ kind, message }: SandboxProblem): z.input<typeof PROBLEM> => ({
  type: "problem",
  kind,
  message,
});
