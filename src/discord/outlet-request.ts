import type { InternalRequest, REST } from "discord.js";
import { DiscordAPIError, HTTPError, RateLimitError } from "discord.js";
import { RestStopped } from "./rest.ts";

/** refused: Discord's own answer, which will be the same next time. `code` is one of its JSON error codes. */
export type Answer = { readonly kind: "done"; readonly body: unknown } | Refusal;

export interface Refusal {
  readonly kind: "refused";
  readonly status: number;
  readonly code: number;
}

/**
 * Asks Discord for something. Throws when trying again may help. A request that waits for its turn is given up when the
 * signal fires; one that is on the wire is awaited.
 */
export async function ask(
  rest: REST,
  request: InternalRequest,
  signal: AbortSignal,
): Promise<Answer> {
  signal.throwIfAborted();
  try {
    return { kind: "done", body: await rest.request({ ...request, signal }) };
  } catch (error) {
    signal.throwIfAborted();
    const refusal = refusalOf(error);
    if (refusal) return refusal;
    // Without the cause: the library's errors carry the whole request, and with it what was said.
    throw new Error(`${request.method} ${request.fullRoute}: ${describe(error)}`);
  }
}

/** A page of HTML with status 403 is Cloudflare's, and passes; Discord's own errors have a number. */
function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof DiscordAPIError) || typeof error.code !== "number") return null;
  const { status, code } = error;
  return status === 401 || status === 429 ? null : { kind: "refused", status, code };
}

function describe(error: unknown): string {
  if (error instanceof DiscordAPIError || error instanceof HTTPError)
    return `status ${error.status}`;
  if (error instanceof RateLimitError) return `rate limited for ${error.retryAfter} ms`;
  if (error instanceof RestStopped) return error.message;
  // Not the message: of an answer that broke off it would quote the beginning.
  const { name = "failed", code = "" } = error as { name?: string; code?: string };
  return `${name} ${code}`.trimEnd();
}

/** What the work gives, or the signal's reason as soon as it fires; the work itself goes on to its end. */
export async function orAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

export type InOrder = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>;

/** Work with the same key one after the other, since what nobody waits for any more may still be on the wire. */
export function createInOrder(): InOrder {
  const ends = new Map<string, Promise<void>>();
  return (key, work) => {
    const result = ends.get(key)?.then(work) ?? work();
    const end = Promise.allSettled([result]).then(() => {
      if (ends.get(key) === end) ends.delete(key);
    });
    ends.set(key, end);
    return result;
  };
}
