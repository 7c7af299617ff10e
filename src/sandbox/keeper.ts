import type { Duplex } from "node:stream";
import { z } from "zod";
import { SandboxProblem } from "../core/sandbox.ts";
import { createEventStream, type EventStream } from "../lib/event-stream.ts";
import { createDockerReader, createFrameReader, toFrame, type Frame } from "./frames.ts";

const EVENT = z.discriminatedUnion("event", [
  z.object({ event: z.literal("ready"), python: z.string().max(40) }),
  z.object({ event: z.literal("out"), id: z.int(), to: z.union([z.literal(1), z.literal(2)]) }),
  z.object({ event: z.literal("session"), id: z.int(), new: z.boolean() }),
  z.object({
    event: z.literal("end"),
    id: z.int(),
    status: z.int().min(-64).max(255),
    limit: z
      .enum(["time", "output", "memory", "processes", "disk", "file-size", "stopped"])
      .nullable(),
    ms: z.int().min(0),
    peak: z.int().min(0),
    session: z.boolean(),
  }),
  z.object({ event: z.literal("piece"), id: z.int() }),
  z.object({
    event: z.literal("done"),
    id: z.int(),
    other: z.int().optional(),
    cut: z.boolean().optional(),
    usedBytes: z.int().optional(),
    freeBytes: z.int().optional(),
  }),
  z.object({ event: z.literal("open"), id: z.int(), on: z.int() }),
  z.object({ event: z.literal("sent"), id: z.int(), on: z.int() }),
  z.object({ event: z.literal("took"), id: z.int(), on: z.int(), bytes: z.int().min(0) }),
  z.object({ event: z.literal("closed"), id: z.int(), on: z.int() }),
  z.object({ event: z.literal("failed"), id: z.int(), code: z.string().max(40) }),
]);

export type KeeperEvent = z.infer<typeof EVENT> & { readonly body: Uint8Array };

/** The first process of a sandbox, as it is spoken to: see box/keeper.py. */
export interface Keeper {
  /** Resolves when it is ready, and rejects when it ends before. */
  readonly ready: Promise<void>;
  /** Resolves when it is gone. */
  readonly gone: Promise<void>;
  /** Opens what a request's events come through. Ends with `close`. */
  readonly open: () => {
    readonly id: number;
    readonly events: AsyncIterable<KeeperEvent>;
    readonly close: () => void;
  };
  /** Resolves when it may be given more. */
  readonly send: (head: Readonly<Record<string, unknown>>, body?: Uint8Array) => Promise<void>;
}

/** For words about why it did not start. */
const MAX_ERROR_CHARS = 2_000;

/** `line`: both directions of the container's own streams. Broken frames end it: nobody else can be speaking there. */
export function createKeeper(line: Duplex): Keeper {
  const streams = new Map<number, EventStream<KeeperEvent>>();
  const ready = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  ready.promise.catch(() => {}); // Whoever opens it waits for it.
  const readDocker = createDockerReader();
  const readFrames = createFrameReader();
  let lastId = 0;
  let said = "";

  function hear({ head, body }: Frame): void {
    const event = { ...EVENT.parse(head), body };
    if (event.event === "ready") return ready.resolve();
    streams.get(event.id)?.push(event);
  }

  function end(cause?: unknown): void {
    const problem = new SandboxProblem(
      "ended",
      "The sandbox ended while something was going on in it. What was saved before is there; try again.",
      { cause: cause ?? (said === "" ? undefined : new Error(said)) },
    );
    ready.reject(problem);
    for (const stream of streams.values()) stream.fail(problem);
    gone.resolve();
  }

  line.on("data", (piece: Buffer) => {
    try {
      const { out, err } = readDocker(piece);
      for (const text of err)
        said = (said + Buffer.from(text).toString()).slice(0, MAX_ERROR_CHARS);
      for (const part of out) for (const frame of readFrames(part)) hear(frame);
    } catch (error) {
      end(error);
      line.destroy();
    }
  });
  line.on("error", end);
  line.on("end", () => end());
  line.on("close", () => end());

  return {
    ready: ready.promise,
    gone: gone.promise,
    open() {
      const id = ++lastId;
      const events = createEventStream<KeeperEvent>();
      streams.set(id, events);
      if (line.destroyed || line.readableEnded) end();
      return { id, events, close: () => void streams.delete(id) };
    },
    send: (head, body) => written(line, toFrame(head, body)),
  };
}

/** Waits where the other side takes no more for now. A line that broke is told by `gone`. */
async function written(line: Duplex, bytes: Uint8Array): Promise<void> {
  if (line.destroyed || line.write(bytes)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      line.off("drain", done);
      line.off("close", done);
      resolve();
    };
    line.on("drain", done);
    line.on("close", done);
  });
}
