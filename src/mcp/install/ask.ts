import type { z } from "zod";
import type { SafeFetch } from "../../core/net.ts";

export type Asked<Value> =
  | {
      readonly kind: "found";
      readonly value: Value;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly kind: "missing" }
  | { readonly kind: "failed"; readonly says: string };

export interface AskOptions {
  /** For people, for example "npm". */
  readonly who: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;
const MAX_MS = 20_000;

/** One question to a registry. What it answers is a stranger's: parsed loosely, shown as such. */
export async function ask<Schema extends z.ZodType>(
  fetch: SafeFetch,
  url: string,
  schema: Schema,
  { who, headers = {}, maxBytes = DEFAULT_MAX_BYTES }: AskOptions,
  signal: AbortSignal,
): Promise<Asked<z.infer<Schema>>> {
  const answer = await fetch({
    url,
    headers: { accept: "application/json", "user-agent": "clara", ...headers },
    onBehalfOf: null,
    maxBytes,
    maxMs: MAX_MS,
    signal,
  });
  if (answer.kind === "failure") return failed(`${who} could not be asked: ${answer.says}`);
  if (answer.status === 404 || answer.status === 410) return { kind: "missing" };
  if (answer.status === 401 || answer.status === 403)
    return failed(
      `${who} wants a key for that, or has had too many questions from here (${answer.status}).`,
    );
  if (answer.status !== 200)
    return failed(`${who} answered with ${answer.status}. Try again later.`);
  const parsed = schema.safeParse(toJson(answer.body));
  return parsed.success
    ? { kind: "found", value: parsed.data, headers: answer.headers }
    : failed(`${who} answered with something else than was to be expected.`);
}

const failed = (says: string) => ({ kind: "failed", says }) as const;

function toJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined; // The schema says that it is not what was expected.
  }
}

/** A piece of a path, so that no name becomes two pieces. */
export const inPath = (name: string): string => encodeURIComponent(name);
