import type { UserId } from "../../core/ids.ts";
import type { NetAnswer, NetFailure, NetRequest, SafeFetch } from "../../core/net.ts";
import { toNetRequest, toResponse, type Fetch } from "../../core/net-fetch.ts";
import { isTooMany, unanswered } from "./failures.ts";
import { GoogleProblem } from "./problem.ts";
import { isGoogles, type GoogleHosts } from "./services.ts";

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
  init?: RequestInit,
): Promise<NetRequest> {
  const request = await toNetRequest(input, init);
  const url = new URL(request.url);
  if (!isGoogles(hosts, url)) throw new GoogleProblem(`${url.host} is not Google's.`);
  return { ...request, onBehalfOf: person, maxMs: MAX_MS, signal };
}

const withToken = (request: NetRequest, token: string | null): NetRequest =>
  token === null
    ? request
    : { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
