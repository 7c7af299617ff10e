import type { IncomingMessage } from "node:http";
import type { NetAnswer, NetFailure, NetRequest, SafeFetch } from "../core/net.ts";
import { exchange, originOf, type Outgoing } from "./exchange.ts";
import { failure, isFailure } from "./failure.ts";
import type { RateLimit } from "./rate-limit.ts";
import { readBody, type Pace } from "./read-body.ts";
import { findTarget, readUrl, shownHost, type Target, type TargetDeps } from "./target.ts";

const MAX_REDIRECTS = 5;
const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;
const DEFAULT_MAX_MS = 20_000;
const DEFAULT_PACE: Pace = { windowMs: 10_000, leastBytes: 512 };

export interface SafeFetchDeps extends TargetDeps {
  readonly limit: RateLimit;
  readonly pace?: Pace;
}

/** See the port. Looks up, checks, and connects to what was checked; every redirect begins anew. */
export function createSafeFetch(deps: SafeFetchDeps): SafeFetch {
  return async (request) => {
    request.signal.throwIfAborted();
    const waitMs = request.onBehalfOf === null ? 0 : deps.limit(request.onBehalfOf);
    if (waitMs > 0)
      return failure(
        "too-many-requests",
        `Too many pages in a short time. The next one can be fetched in ${Math.ceil(waitMs / 1_000)} s.`,
      );
    const url = readUrl(request.url);
    if (isFailure(url)) return url;
    const maxMs = request.maxMs ?? DEFAULT_MAX_MS;
    const timeUp = AbortSignal.timeout(maxMs);
    const signal = AbortSignal.any([request.signal, timeUp]);
    try {
      return await follow(deps, request, url, signal);
    } catch (error) {
      request.signal.throwIfAborted();
      if (timeUp.aborted)
        return failure("too-slow", `There was no whole answer within ${maxMs / 1_000} s.`);
      return toFailure(error, url);
    }
  };
}

async function follow(
  deps: SafeFetchDeps,
  request: NetRequest,
  first: URL,
  signal: AbortSignal,
): Promise<NetAnswer | NetFailure> {
  let url = first;
  let outgoing = toOutgoing(request);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const target = await within(signal, findTarget(deps, url));
    if (isFailure(target)) return target;
    const answer = await exchange(target, outgoing, signal);
    const location = redirectOf(answer);
    if (location === null) return await finish(deps, request, target, answer, signal);
    answer.destroy();
    const next = readUrl(location, url);
    if (isFailure(next)) return next;
    const changed = redirected(outgoing, answer.statusCode ?? 0, originOf(next) === originOf(url));
    if (isFailure(changed)) return changed;
    outgoing = changed;
    url = next;
  }
  return failure("too-many-redirects", `It was sent on more than ${MAX_REDIRECTS} times.`);
}

async function finish(
  { pace = DEFAULT_PACE }: SafeFetchDeps,
  { maxBytes = DEFAULT_MAX_BYTES, overflow = "refuse" }: NetRequest,
  { url }: Target,
  answer: IncomingMessage,
  signal: AbortSignal,
): Promise<NetAnswer | NetFailure> {
  const body = await readBody(answer, { maxBytes, overflow, pace }, signal);
  if (isFailure(body)) return body;
  return {
    kind: "answer",
    url: url.href,
    status: answer.statusCode ?? 0,
    headers: headersOf(answer),
    body: body.bytes,
    isCut: body.isCut,
  };
}

const OWN_HEADERS = {
  "user-agent": "Mozilla/5.0 (compatible; Clara; a self-hosted assistant)",
  accept: "*/*",
  "accept-encoding": "gzip, deflate, br",
};
/** What a request keeps on its way to another origin: none of it can be a secret. */
const HARMLESS = new Set(["accept", "accept-language", "accept-encoding", "user-agent"]);
/** Of the connection, which is ours. */
const FORBIDDEN =
  /^(?:host|connection|content-length|transfer-encoding|te|trailer|upgrade|keep-alive|expect|proxy-.*)$/;

function toOutgoing({ method = "GET", headers = {}, ...request }: NetRequest): Outgoing {
  const body = request.body ?? null;
  const given = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !FORBIDDEN.test(name) && name !== "accept-encoding");
  const length = body === null ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return { method, headers: { ...OWN_HEADERS, ...Object.fromEntries(given), ...length }, body };
}

/** As fetch has it: https://fetch.spec.whatwg.org/#http-redirect-fetch. Bodies stay with their origin. */
function redirected(
  { method, headers, body }: Outgoing,
  status: number,
  isSameOrigin: boolean,
): Outgoing | NetFailure {
  const becomesGet = (status === 303 && method !== "HEAD") || (status < 303 && method === "POST");
  if (!becomesGet && body !== null && !isSameOrigin)
    return failure("forbidden-address", "What was to be sent was sent on to another host.");
  const kept = Object.entries(headers).filter(
    ([name]) =>
      (isSameOrigin || HARMLESS.has(name)) && !(becomesGet && name.startsWith("content-")),
  );
  return {
    method: becomesGet ? "GET" : method,
    headers: Object.fromEntries(kept),
    body: becomesGet ? null : body,
  };
}

function redirectOf({ statusCode = 0, headers }: IncomingMessage): string | null {
  const isRedirect = [301, 302, 303, 307, 308].includes(statusCode);
  return isRedirect ? (headers.location ?? null) : null;
}

function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith("set-cookie") || value === undefined ? [] : [[name, String(value)] as const],
  );
  return Object.fromEntries(entries);
}

/** Node's own codes: https://nodejs.org/api/errors.html, OpenSSL's for certificates. */
function toFailure(error: unknown, url: URL): NetFailure {
  const code = codeOf(error);
  const host = shownHost(url);
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code))
    return failure("bad-certificate", `The certificate of ${host} is not valid.`);
  if (/^(?:HPE_|ERR_SSL|ERR_HTTP|ERR_TLS|EPROTO)/.test(code))
    return failure("broken-answer", `${host} gave an answer that is no proper HTTP.`);
  if (/^ERR_(?:INVALID|UNESCAPED)/.test(code))
    return failure("bad-address", "The address or a header holds characters that cannot be sent.");
  return failure("unreachable", `${host} could not be reached.`);
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** A resolver cannot be told to stop; nobody waits for it then. */
async function within<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const left = Promise.withResolvers<never>();
  const onAbort = () => left.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, left.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
