import type { IncomingMessage } from "node:http";
import { PassThrough, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { NetFailure } from "../core/net.ts";
import { failure } from "./failure.ts";

/** A packed body may grow by so much; a page of nothing but blanks stays below it. */
const MAX_RATIO = 200;
/** Below this nobody asks how much it grew. */
const RATIO_FREE_BYTES = 4 * 1024 * 1024;

export interface BodyLimits {
  /** Unpacked. */
  readonly maxBytes: number;
  readonly overflow: "cut" | "refuse";
  /** In each window at least so many bytes have to arrive. */
  readonly pace: Pace;
}

export interface Pace {
  readonly windowMs: number;
  readonly leastBytes: number;
}

export interface Body {
  readonly kind: "body";
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
}

/** Reads and unpacks within the limits; never holds more than `maxBytes` and a buffer or two. The answer is destroyed at the end. */
export async function readBody(
  answer: IncomingMessage,
  limits: BodyLimits,
  signal: AbortSignal,
): Promise<Body | NetFailure> {
  const { maxBytes, overflow, pace } = limits;
  const unpacking = unpackerFor(answer.headers["content-encoding"]);
  if (unpacking === null) {
    answer.destroy();
    return failure("broken-answer", "The answer is packed in a way that I cannot unpack.");
  }
  const announced = Number(answer.headers["content-length"]);
  if (overflow === "refuse" && announced > maxBytes) {
    answer.destroy();
    return tooLarge(maxBytes);
  }
  const stop = new AbortController();
  const clock = watchPace(answer, pace, () => stop.abort(SLOW));
  const collected = collect(maxBytes);
  try {
    await pipeline(
      answer,
      counting((bytes) => clock.count(bytes)),
      unpacking,
      async (source: AsyncIterable<Buffer>) => {
        for await (const chunk of source) {
          const isFull = collected.add(chunk);
          if (isFull) stop.abort(FULL);
          if (isBomb(collected.total(), clock.total())) stop.abort(BOMB);
          stop.signal.throwIfAborted();
        }
      },
      { signal: AbortSignal.any([signal, stop.signal]) },
    );
  } catch {
    signal.throwIfAborted();
    if (stop.signal.reason === SLOW)
      return failure("too-slow", "The answer came so slowly that I stopped waiting.");
    if (stop.signal.reason === BOMB)
      return failure("too-large", "The answer grows far beyond its size when it is unpacked.");
    if (stop.signal.reason !== FULL)
      return failure("broken-answer", "The answer broke off, or could not be unpacked.");
    if (overflow === "refuse") return tooLarge(maxBytes);
  } finally {
    clock.stop();
    answer.destroy();
  }
  return { kind: "body", bytes: collected.bytes(), isCut: collected.isFull() };
}

const SLOW = new Error("slow");
const FULL = new Error("full");
const BOMB = new Error("bomb");

const isBomb = (unpacked: number, packed: number): boolean =>
  unpacked > RATIO_FREE_BYTES && unpacked > packed * MAX_RATIO;

const tooLarge = (maxBytes: number): NetFailure =>
  failure("too-large", `The answer is larger than the ${Math.round(maxBytes / 1024)} KB I take.`);

/** null for what was packed twice, or in an unknown way. */
function unpackerFor(encoding: string | undefined): Transform | null {
  switch ((encoding ?? "identity").trim().toLowerCase()) {
    case "":
    case "identity":
      return new PassThrough();
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      return null;
  }
}

function collect(maxBytes: number) {
  const chunks: Buffer[] = [];
  let total = 0;
  let isFull = false;
  return {
    /** True when there is more than may be kept. */
    add(chunk: Buffer): boolean {
      const room = maxBytes - total;
      isFull = chunk.length > room;
      if (room > 0) chunks.push(chunk.subarray(0, room));
      total += Math.min(chunk.length, room);
      return isFull;
    },
    total: () => total,
    isFull: () => isFull,
    bytes: () => new Uint8Array(Buffer.concat(chunks)),
  };
}

const counting = (count: (bytes: number) => void): Transform =>
  new PassThrough({
    transform(chunk: Buffer, _, done) {
      count(chunk.length);
      done(null, chunk);
    },
  });

/** Calls `onSlow` when a window brings too little, unless the answer waits for its reader. */
function watchPace(answer: IncomingMessage, { windowMs, leastBytes }: Pace, onSlow: () => void) {
  let total = 0;
  let inWindow = 0;
  const timer = setInterval(() => {
    if (inWindow < leastBytes && !answer.isPaused()) onSlow();
    inWindow = 0;
  }, windowMs);
  return {
    count(bytes: number) {
      total += bytes;
      inWindow += bytes;
    },
    total: () => total,
    stop: () => clearInterval(timer),
  };
}
