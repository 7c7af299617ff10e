import type { UserId } from "../../core/ids.ts";
import type { NetAnswer, NetFailure, NetRequest, SafeFetch } from "../../core/net.ts";
import { isTooMany, unanswered } from "./failures.ts";
import { GoogleProblem } from "./problem.ts";
import { isGoogles, type GoogleHosts } from "./services.ts";

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export interface GoogleFetchDeps {
  readonly fetch: SafeFetch;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

interface Caller {
  readonly hosts: GoogleHosts;
  /** null: for the house itself, such as a sign-in. */
  readonly person: UserId | null;
  readonly signal: AbortSignal;
  /** A token for the request; `refused` is one that Google did not take. null: the request needs none. */
  readonly token: ((refused: string | null) => Promise<string>) | null;
}

const MAX_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 500;
/** Who is asked to wait longer than this says so to the person instead. */
const MAX_PAUSE_MS = 15_000;
const MAX_MS = 30_000;
/** The house did not let it out. */
const NEVER_SENT: ReadonlySet<string> = new Set(["too-many-requests"]);
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * What the vendor's library takes for fetch: the house's one way out, to Google's hosts only. What changes nothing is
 * tried again, patiently; what changes something never is, save when Google refused the token and so did nothing.
 */
export function createGoogleFetch(deps: GoogleFetchDeps, caller: Caller): Fetch {
  return async (input, init) => {
    const request = await toRequest(caller, input, init);
    const isSafe = request.method === "GET";
    let token = (await caller.token?.(null)) ?? null;
    let answer = await withPatience(deps, withToken(request, token), isSafe);
    if (answer.kind === "answer" && answer.status === 401 && caller.token) {
      token = await caller.token(token);
      answer = await withPatience(deps, withToken(request, token), isSafe);
    }
    if (answer.kind === "failure")
      throw new GoogleProblem(unanswered(answer.says, isSafe || NEVER_SENT.has(answer.problem)));
    return toResponse(answer);
  };
}

async function withPatience(
  { fetch, pause, random }: GoogleFetchDeps,
  request: NetRequest,
  isSafe: boolean,
): Promise<NetAnswer | NetFailure> {
  for (let attempt = 1; ; attempt++) {
    const answer = await fetch(request);
    const pauseMs = isSafe && attempt < MAX_ATTEMPTS ? pauseAfter(answer, attempt, random) : null;
    if (pauseMs === null) return answer;
    await pause(pauseMs, request.signal);
    request.signal.throwIfAborted();
  }
}

/** How long to wait before the next attempt; null when there should be none. */
function pauseAfter(
  answer: NetAnswer | NetFailure,
  attempt: number,
  random: () => number,
): number | null {
  // Between half of it and all of it, so that many do not come back at once.
  const own = FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + random() / 2);
  if (answer.kind === "failure")
    return ["unreachable", "broken-answer"].includes(answer.problem) ? own : null;
  const { status, headers } = answer;
  if (status < 500 && !isTooMany(status, bodyOf(answer))) return null;
  const asked = retryAfterMs(headers["retry-after"]);
  if (asked === null) return own;
  return asked <= MAX_PAUSE_MS ? asked : null;
}

/** Seconds; Google writes no dates there. */
const retryAfterMs = (header: string | undefined): number | null =>
  header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : null;

function bodyOf({ body }: NetAnswer): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return null; // Whatever it is, it gives no reason.
  }
}

async function toRequest(
  { hosts, person, signal }: Caller,
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<NetRequest> {
  const url = new URL(input instanceof Request ? input.url : input);
  if (!isGoogles(hosts, url)) throw new GoogleProblem(`${url.host} is not Google's.`);
  const body = await toBytes(init.body);
  const headers = new Headers(init.headers);
  // What a browser's fetch would say by itself.
  if (init.body instanceof URLSearchParams && !headers.has("content-type"))
    headers.set("content-type", "application/x-www-form-urlencoded;charset=UTF-8");
  return {
    url: url.href,
    method: toMethod(init.method ?? "GET"),
    headers: Object.fromEntries(headers),
    ...(body === null ? {} : { body }),
    onBehalfOf: person,
    maxMs: MAX_MS,
    signal,
  };
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;

function toMethod(text: string): (typeof METHODS)[number] {
  const method = METHODS.find((each) => each === text.toUpperCase());
  if (method === undefined) throw new GoogleProblem(`${text} is no method of Google's.`);
  return method;
}

/** The library sends text, forms, bytes and streams of bytes. */
async function toBytes(body: RequestInit["body"]): Promise<string | Uint8Array | null> {
  if (body === null || body === undefined) return null;
  if (typeof body === "string" || body instanceof Uint8Array) return body;
  if (body instanceof URLSearchParams) return body.toString();
  if (Symbol.asyncIterator in body) {
    const pieces: readonly Uint8Array[] = await Array.fromAsync(body);
    return Buffer.concat(pieces);
  }
  throw new GoogleProblem("That cannot be sent to Google.");
}

const withToken = (request: NetRequest, token: string | null): NetRequest =>
  token === null
    ? request
    : { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };

const toResponse = ({ status, headers, body }: NetAnswer): Response =>
  new Response(BODILESS.has(status) ? null : Buffer.from(body), {
    status,
    headers: { ...headers },
  });
