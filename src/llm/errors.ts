import { inspect } from "node:util";
import { z } from "zod";
import { ModelError, type ModelErrorKind } from "../core/model.ts";

/** Longer answers to "when may I come back" mean "not today" all the same. */
const MAX_RETRY_AFTER_MS = 3_600_000;
/** Enough of a provider's words to find the fault, little enough for a log line. */
const MAX_DETAIL_CHARS = 300;

export interface ErrorContext {
  readonly provider: string;
  /** Never to be seen in a message: keys, tokens. */
  readonly secrets: readonly string[];
  readonly now: () => Date;
}

/** What the SDKs' errors have in common, and what an `error` event inside a stream holds. */
const providerError = z.looseObject({
  status: z.number().nullish().catch(null),
  headers: z.instanceof(Headers).nullish().catch(null),
  error: z.unknown().optional(),
});

const text = z.string().nullish().catch(null);
const errorBody = z.looseObject({
  type: text,
  code: z.union([z.string(), z.number()]).nullish().catch(null),
  message: text,
  /** Anthropic's name for the cause. */
  details: z.looseObject({ error_code: text }).nullish().catch(null),
  /** OpenRouter's copy of what the provider behind it said. */
  metadata: z.looseObject({ raw: text }).nullish().catch(null),
});

/** Any failure of a call as the one error the rest of Clara knows. A ModelError inside it wins. */
export function toModelError(failure: unknown, context: ErrorContext): ModelError {
  const known = findModelError(failure);
  if (known) return known;

  const { status, headers, error } = providerError.safeParse(failure).data ?? {};
  const body = errorBody.safeParse(unwrap(error)).data ?? {};
  const said = [
    body.message ?? (failure instanceof Error ? failure.message : ""),
    body.metadata?.raw,
  ];
  const words = said.filter(Boolean).join(": ");
  const kind = kindOf({
    status: status ?? statusIn(body.code),
    codes: [body.details?.error_code, body.type, body.code],
    words,
    failure,
  });
  return modelError(`${kind}${status ? ` (${status})` : ""}: ${words}`, {
    ...context,
    kind,
    failure,
    retryAfterMs: headers ? readRetryAfter(headers, context.now()) : null,
  });
}

/** A ModelError whose message and cause are free of the context's secrets. */
export function modelError(
  message: string,
  options: ErrorContext & {
    readonly kind: ModelErrorKind;
    readonly failure?: unknown;
    readonly retryAfterMs?: number | null;
  },
): ModelError {
  const { kind, provider, secrets, failure, retryAfterMs = null } = options;
  const hidden = secrets.filter((secret) => secret !== "");
  const isClean = !hidden.some((secret) => inspect(failure, { depth: 6 }).includes(secret));
  const redacted = hidden.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), message);
  return new ModelError(`${provider}: ${redacted.slice(0, MAX_DETAIL_CHARS)}`, {
    kind,
    provider,
    retryAfterMs,
    cause: isClean ? failure : undefined,
  });
}

type Kinds = ReadonlyMap<string | number | null | undefined, ModelErrorKind>;

const RETRYABLE_CODES: Kinds = new Map([
  ["overloaded_error", "overloaded"],
  ["api_error", "overloaded"],
  ["server_error", "overloaded"],
  ["rate_limit_error", "rate-limited"],
  ["rate_limit_exceeded", "rate-limited"],
  ["timeout_error", "timeout"],
]);

const FINAL_CODES: Kinds = new Map([
  ["insufficient_quota", "no-credit"],
  ["billing_error", "no-credit"],
  ["contract_spend_limit_reached", "no-credit"],
  ["enforced_spend_limit_reached", "no-credit"],
  ["authentication_error", "auth"],
  ["permission_error", "auth"],
  ["invalid_api_key", "auth"],
  ["not_found_error", "not-found"],
  ["model_not_found", "not-found"],
  ["request_too_large", "context-too-long"],
  ["context_length_exceeded", "context-too-long"],
  ["content_filter", "bad-request"],
  ["content_policy_violation", "bad-request"],
]);

/** Several providers say these with a plain 400; some say "no credit" with 429, or "your message was flagged" with 403. */
const TELLING_WORDS: readonly {
  readonly pattern: RegExp;
  readonly kind: ModelErrorKind;
  /** null: within a stream, where there is no status. */
  readonly statuses: readonly (number | null)[];
}[] = [
  {
    pattern:
      /credit balance is too low|insufficient (?:credits|balance|funds)|exceeded your current quota/i,
    kind: "no-credit",
    statuses: [null, 400, 422, 429],
  },
  {
    pattern:
      /context.{0,10}(?:length|window)|prompt is too long|too many (?:input )?tokens|maximum.{0,20}tokens/i,
    kind: "context-too-long",
    statuses: [null, 400, 422],
  },
  {
    pattern: /not a valid model|model.{0,80}(?:does not exist|not found)|no endpoints found/i,
    kind: "not-found",
    statuses: [null, 400, 422],
  },
  { pattern: /flagged|moderation/i, kind: "bad-request", statuses: [null, 403] },
];

interface Evidence {
  readonly status: number | null;
  readonly codes: readonly (string | number | null | undefined)[];
  readonly words: string;
  readonly failure: unknown;
}

function kindOf({ status, codes, words, failure }: Evidence): ModelErrorKind {
  const byCode = (kinds: Kinds) =>
    codes.map((code) => kinds.get(code)).find((kind) => kind !== undefined);
  const told = TELLING_WORDS.find(
    ({ pattern, statuses }) => statuses.includes(status) && pattern.test(words),
  );
  return (
    byCode(FINAL_CODES) ??
    told?.kind ??
    byCode(RETRYABLE_CODES) ??
    (status === null ? kindWithoutStatus(failure) : kindOfStatus(status))
  );
}

function kindOfStatus(status: number): ModelErrorKind {
  if (status === 401 || status === 403) return "auth";
  if (status === 402) return "no-credit";
  // A redirect is never followed, as the key would go with it: the base URL is wrong.
  if (status === 404 || status === 410 || (status >= 300 && status < 400)) return "not-found";
  if (status === 408) return "timeout";
  if (status === 409 || status >= 500) return "overloaded";
  if (status === 413) return "context-too-long";
  if (status === 429) return "rate-limited";
  return status >= 400 ? "bad-request" : "unknown";
}

/** The SDKs give no status to what went wrong in the middle of a stream. */
function kindWithoutStatus(failure: unknown): ModelErrorKind {
  if (failure instanceof SyntaxError) return "broken-stream";
  return failure instanceof Error && /timed? ?out/i.test(failure.message) ? "timeout" : "unknown";
}

/** From `retry-after-ms`, or `retry-after` in seconds or as a date; null when there is none. Capped at an hour. */
function readRetryAfter(headers: Headers, now: Date): number | null {
  const ms = Number.parseFloat(headers.get("retry-after-ms") ?? "");
  const after = headers.get("retry-after") ?? "";
  const seconds = /^\s*[\d.]+\s*$/.test(after) ? Number.parseFloat(after) * 1000 : Number.NaN;
  const until = Date.parse(after) - now.getTime();
  const wait = [ms, seconds, until].find((value) => Number.isFinite(value));
  return wait === undefined ? null : Math.min(Math.max(wait, 0), MAX_RETRY_AFTER_MS);
}

function findModelError(failure: unknown): ModelError | null {
  if (failure instanceof ModelError) return failure;
  return failure instanceof Error && failure.cause !== undefined
    ? findModelError(failure.cause)
    : null;
}

/** Anthropic's SDK keeps the whole body, `{ type: "error", error: {...} }`; OpenAI's keeps what is inside. */
function unwrap(body: unknown): unknown {
  return typeof body === "object" && body !== null && "error" in body ? body.error : body;
}

/** OpenRouter puts the status where others have the name of the error. */
function statusIn(code: string | number | null | undefined): number | null {
  const status = Number(code ?? Number.NaN);
  return status >= 300 && status < 600 ? status : null;
}
