import type { ReadableStreamDefaultController } from "node:stream/web";
import type { ConversationId } from "../core/ids.ts";
import type { LocalEvent, LocalOutlet } from "../core/local-outlet.ts";

/** So that nobody in between takes a silent stream for a dead one. */
const HEARTBEAT_MS = 15_000;
/** A reader further behind is let go; it comes back by itself and hears at once how things stand. */
const MAX_UNREAD = 1_024;
/** When a browser tries again after the stream ended. */
const RETRY_MS = 1_000;

/**
 * What happens in a conversation as server-sent events, until the reader leaves or the signal fires; first what runs
 * already. null when too many listen.
 */
export function openEventStream(
  local: LocalOutlet,
  conversation: ConversationId,
  signal: AbortSignal,
): Response | null {
  const reader = openReader();
  const over = AbortSignal.any([signal, reader.left]);
  const stopListening = local.listen(conversation, (event) => reader.write(toFrame(event)));
  if (stopListening === null) return null;

  const heartbeat = setInterval(() => reader.write(": still here\n\n"), HEARTBEAT_MS);
  const end = () => {
    clearInterval(heartbeat);
    stopListening();
    reader.close();
  };
  if (over.aborted) end();
  else over.addEventListener("abort", end, { once: true });
  // Nothing comes after a stream: with its end the connection ends, and does not keep a leaving process.
  const headers = { "Content-Type": "text/event-stream", Connection: "close" };
  return new Response(reader.body, { headers });
}

const toFrame = (event: LocalEvent): string => `data: ${JSON.stringify(event)}\n\n`;

/** A body that text is pushed into. `left` fires when its reader has gone, or is too far behind to be waited for. */
function openReader() {
  const encoder = new TextEncoder();
  const left = new AbortController();
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  const body = new ReadableStream<Uint8Array>(
    {
      start(opened) {
        controller = opened;
      },
      cancel() {
        controller = null;
        left.abort();
      },
    },
    new CountQueuingStrategy({ highWaterMark: MAX_UNREAD }),
  );
  const write = (text: string): void => {
    if ((controller?.desiredSize ?? 0) > 0) controller?.enqueue(encoder.encode(text));
    else left.abort();
  };
  const close = (): void => {
    controller?.close();
    controller = null;
  };
  write(`retry: ${RETRY_MS}\n\n`);
  return { body, left: left.signal, write, close };
}
