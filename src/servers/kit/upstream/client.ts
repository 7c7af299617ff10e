import type { Logger } from "pino";
import { Failure, isPassing, toFailure } from "../failure.ts";
import type { Clock } from "../clock.ts";
import type { Metrics } from "../metrics.ts";
import type { TenantId } from "../tenant.ts";
import { createCircuit, type Circuit, type CircuitSettings } from "./circuit.ts";
import { createGate } from "./gate.ts";
import { judgeByStatus, type Judge } from "./judge.ts";
import { readReply, type UpstreamReply } from "./reply.ts";
import { bodyOf, isSafe, urlOf, type UpstreamRequest } from "./request.ts";
import { retryAfterMs } from "./retry-after.ts";
import { createRateLimiter, type RateLimits } from "./token-bucket.ts";

const MAX_HOSTS = 1_000;

/** How requests are signed in. */
export interface Authorizer {
  /** `request` is for those that sign each one. */
  readonly headersFor: (
    tenant: TenantId,
    signal: AbortSignal,
    request: UpstreamRequest,
  ) => Promise<Readonly<Record<string, string>>>;
  /** These headers were refused. True when there may be others now; then it is tried once more. */
  readonly refused: (
    tenant: TenantId,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<boolean>;
}

export interface UpstreamSettings {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Tries in all, for what is safe to send again. */
  readonly tries: number;
  readonly firstBackOffMs: number;
  /** A longer Retry-After is not waited for but told. */
  readonly maxWaitMs: number;
  /** Requests of one tenant at the same time. */
  readonly atOnce: number;
  readonly rate: RateLimits;
  readonly circuit: CircuitSettings;
}

export interface UpstreamDeps {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly stopwatch: () => number;
  readonly random: () => number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly authorizer: Authorizer;
  readonly judge?: Judge;
}

export interface Upstream {
  /** An answer that the judge has nothing against. Throws Failure. */
  readonly send: (request: UpstreamRequest) => Promise<UpstreamReply>;
  readonly isOpen: () => boolean;
}

/** The one way to a service: within limits, in time, signed in, and again only where that is safe. */
export function createUpstream(deps: UpstreamDeps, settings: UpstreamSettings): Upstream {
  const limiter = createRateLimiter(deps, settings.rate);
  const circuits = new Map<string, Circuit>();
  /** One for each house: that of one tenant may be down while others are up. */
  const circuitOf = ({ url }: UpstreamRequest): Circuit => {
    const { host } = new URL(url);
    const circuit = circuits.get(host) ?? createCircuit(deps.stopwatch, settings.circuit);
    if (circuits.size < MAX_HOSTS) circuits.set(host, circuit);
    return circuit;
  };
  const gate = createGate(settings.atOnce);
  const judge = deps.judge ?? judgeByStatus;

  /** One request and its answer. */
  async function once(request: UpstreamRequest, auth: Headers): Promise<UpstreamReply> {
    await limiter.take(request.tenant, request.signal);
    const circuit = circuitOf(request);
    circuit.pass();
    const began = deps.stopwatch();
    try {
      const reply = await exchange(deps, settings, request, auth);
      const failure = judge(reply);
      if (failure) throw withWait(failure, reply, deps.clock.now());
      circuit.succeeded();
      deps.metrics.count("upstream_requests", { outcome: "ok" });
      return reply;
    } catch (thrown) {
      const failure = request.signal.aborted ? cancelled(thrown) : toFailure(thrown);
      deps.metrics.count("upstream_requests", { outcome: failure.code });
      if (isTrouble(failure)) circuit.failed();
      else if (failure.code === "CANCELLED") circuit.undecided();
      else circuit.succeeded();
      throw failure;
    } finally {
      deps.metrics.time("upstream", deps.stopwatch() - began);
    }
  }

  /** Once more with other credentials, when these were refused: what was refused has not happened. */
  async function signedIn(request: UpstreamRequest): Promise<UpstreamReply> {
    if (request.isAnonymous) return once(request, new Headers());
    const { tenant, signal } = request;
    const headers = await deps.authorizer.headersFor(tenant, signal, request);
    try {
      return await once(request, new Headers(headers));
    } catch (thrown) {
      const isRefused = thrown instanceof Failure && thrown.code === "AUTH_INVALID";
      if (!isRefused || !(await deps.authorizer.refused(tenant, headers, signal))) throw thrown;
      return once(request, new Headers(await deps.authorizer.headersFor(tenant, signal, request)));
    }
  }

  async function withRetries(request: UpstreamRequest): Promise<UpstreamReply> {
    const tries = isSafe(request) ? settings.tries : 1;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await signedIn(request);
      } catch (thrown) {
        const failure = toFailure(thrown);
        const waitMs = failure.retryAfterMs ?? backOffMs(deps.random, settings, attempt);
        // Our own "not so fast" is final: it was waited for as long as may be already.
        const isOwn = failure.code === "RATE_LIMITED" && failure.status === undefined;
        const isWorthIt =
          isPassing(failure) && !isOwn && attempt < tries && waitMs <= settings.maxWaitMs;
        if (!isWorthIt || circuitOf(request).isOpen()) throw failure;
        deps.log.info({ code: failure.code, attempt, waitMs }, "upstream-retry");
        await deps.pause(waitMs, request.signal);
        request.signal.throwIfAborted();
      }
    }
  }
  return {
    // A sign-in has a door of its own: those who wait for it fill the other one.
    send: (request) =>
      gate.run(`${request.isAnonymous ? "sign-in " : ""}${request.tenant}`, request.signal, () =>
        withRetries(request),
      ),
    isOpen: () => [...circuits.values()].some((circuit) => circuit.isOpen()),
  };
}

async function exchange(
  { fetch }: UpstreamDeps,
  settings: UpstreamSettings,
  request: UpstreamRequest,
  auth: Headers,
): Promise<UpstreamReply> {
  const timeoutMs = request.timeoutMs ?? settings.timeoutMs;
  const timeout = AbortSignal.timeout(timeoutMs);
  const { body, headers } = bodyOf(request);
  try {
    const response = await fetch(urlOf(request), {
      method: request.method,
      headers: { ...headers, ...request.headers, ...Object.fromEntries(auth) },
      ...(body === undefined ? {} : { body }),
      redirect: "manual",
      signal: AbortSignal.any([request.signal, timeout]),
    });
    return await readReply(response, settings.maxBytes);
  } catch (thrown) {
    if (thrown instanceof Failure || request.signal.aborted) throw thrown;
    throw timeout.aborted ? tooLate(request, timeoutMs, thrown) : unreachable(request, thrown);
  }
}

/** What the service asks for, where it says how long to wait. */
function withWait(failure: Failure, reply: UpstreamReply, now: Date): Failure {
  const waitMs = retryAfterMs(reply.headers.get("retry-after"), now);
  if (waitMs === null || !isPassing(failure)) return failure;
  const { hint, details, status } = failure;
  return new Failure(failure.code, failure.message, {
    ...(hint === undefined ? {} : { hint }),
    ...(status === undefined ? {} : { status }),
    details,
    retryAfterMs: waitMs,
    cause: failure,
  });
}

const isTrouble = ({ code }: Failure): boolean =>
  code === "UPSTREAM_UNAVAILABLE" || code === "UPSTREAM_TIMEOUT";

/** Half of it by chance, so that not everybody comes back at the same moment. */
const backOffMs = (random: () => number, { firstBackOffMs }: UpstreamSettings, attempt: number) =>
  firstBackOffMs * 2 ** (attempt - 1) * (0.5 + random() / 2);

const cancelled = (cause: unknown): Failure =>
  new Failure("CANCELLED", "The call was cancelled.", { cause });

const MAY_HAVE =
  "It may have been done all the same. Look whether it is there before you try again.";

const tooLate = (request: UpstreamRequest, timeoutMs: number, cause: unknown): Failure =>
  new Failure("UPSTREAM_TIMEOUT", `The service did not answer within ${timeoutMs / 1000} s.`, {
    hint: isSafe(request) ? "Ask for less, or try again later." : MAY_HAVE,
    cause,
  });

const unreachable = (request: UpstreamRequest, cause: unknown): Failure =>
  new Failure("UPSTREAM_UNAVAILABLE", "The service cannot be reached.", {
    hint: isSafe(request) ? "Try again later." : MAY_HAVE,
    cause,
  });
