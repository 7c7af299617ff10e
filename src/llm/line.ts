import type { ModelError, ModelErrorKind } from "../core/model.ts";
import { modelError, toModelError, type ErrorContext } from "./errors.ts";

export interface Timeouts {
  /** From the call to the first byte of the answer. A model at home may need minutes to load. */
  readonly firstByteMs: number;
  /** Between two bytes. */
  readonly idleMs: number;
  /** From the call to the last byte. */
  readonly totalMs: number;
}

/** Events are some 50 times longer than the words in them; an answer that is larger than this is a fault. */
const MAX_ANSWER_BYTES = 64_000_000;
const MAX_ERROR_BYTES = 64_000;

/** One HTTP exchange: its limits, and the reason it ended. Close it, so that its timers end. */
export interface Line extends Disposable {
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
  /** What ended the line: the caller's own reason, or a ModelError; null while all is well. */
  readonly failure: () => unknown;
}

/** The SDKs swallow an abort and hide the reason of a failure, so the line keeps the reason itself. */
export function openLine({
  fetch,
  signal,
  timeouts,
  errors,
}: {
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
  readonly timeouts: Timeouts;
  readonly errors: ErrorContext;
}): Line {
  const own = new AbortController();
  const fail = (kind: ModelErrorKind, message: string, failure?: unknown): ModelError => {
    const error = modelError(message, { ...errors, kind, failure });
    if (!own.signal.aborted) own.abort(error);
    return error;
  };
  const silence = (ms: number) =>
    setTimeout(() => fail("timeout", `no byte came for ${ms} ms`), ms);

  const total = setTimeout(
    () => fail("timeout", `the answer was not complete after ${timeouts.totalMs} ms`),
    timeouts.totalMs,
  );
  let quiet = silence(timeouts.firstByteMs);

  async function* watch(
    body: AsyncIterable<Uint8Array>,
    hangUp: AbortSignal | null | undefined,
  ): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    try {
      for await (const chunk of body) {
        // Silence is the provider's only while we are waiting for it, not while our reader is busy.
        clearTimeout(quiet);
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES)
          throw fail("broken-stream", `more than ${MAX_ANSWER_BYTES} bytes came`);
        yield chunk;
        quiet = silence(timeouts.idleMs);
      }
    } catch (error) {
      // The SDK hangs up when it has read an error; that error is the reason, not the silence after it.
      if (hangUp?.aborted) throw error;
      const kind = isTimeout(error) ? "timeout" : "broken-stream";
      throw fail(
        kind,
        `the connection broke in the middle of the answer (${reasonOf(error)})`,
        error,
      );
    }
  }

  async function guarded(...[url, init]: Parameters<typeof globalThis.fetch>): Promise<Response> {
    let response: Response;
    try {
      const body = typeof init?.body === "string" ? withWholeCharacters(init.body) : init?.body;
      // A redirect could carry the key to another host.
      response = await fetch(url, { ...init, body: body ?? null, redirect: "manual" });
    } catch (error) {
      const kind = isTimeout(error) ? "timeout" : "network";
      throw fail(kind, `no connection (${reasonOf(error)})`, error);
    }
    const body = response.body && ReadableStream.from(watch(response.body, init?.signal));
    const answer = new Response(body, { status: response.status, headers: response.headers });
    if (response.ok) await refuseWhatIsNoStream(answer);
    return answer;
  }

  async function refuseWhatIsNoStream(response: Response): Promise<void> {
    const type = response.headers.get("content-type") ?? "";
    if (type.includes("text/html")) {
      throw fail("broken-stream", "a web page came instead of an answer; is the base URL right?");
    }
    if (!type.includes("application/json")) return;
    // Some providers report an error with status 200.
    const error = toModelError({ error: parse(await readSome(response)) }, errors);
    throw error.kind === "unknown"
      ? fail("broken-stream", "the answer is not a stream")
      : fail(error.kind, error.message);
  }

  return {
    fetch: guarded,
    signal: AbortSignal.any([signal, own.signal]),
    failure: () => (signal.aborted ? signal.reason : own.signal.aborted ? own.signal.reason : null),
    [Symbol.dispose]() {
      clearTimeout(total);
      clearTimeout(quiet);
    },
  };
}

async function readSome(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_ERROR_BYTES) break;
  }
  return text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Not JSON after all: the caller says so.
  }
}

/** Providers refuse halves of surrogate pairs, which remain where a text was cut; JSON has only those as escapes. */
const withWholeCharacters = (json: string): string =>
  json.replace(
    /(\\\\)|\\ud[89a-f][0-9a-f]{2}/g,
    (_, backslashes?: string) => backslashes ?? "\ufffd",
  );

/** undici says "fetch failed" and keeps the reason in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error) return "code" in cause ? String(cause.code) : cause.message;
  return String(cause);
}

/** Node's own limits of 10 s to connect and 300 s of silence, whatever ours are. */
const isTimeout = (error: unknown): boolean => /TIMEOUT|TIMEDOUT/.test(reasonOf(error));
