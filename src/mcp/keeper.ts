import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import { McpProblem } from "../core/mcp-control.ts";
import type { McpOwner, McpServer, McpState } from "../core/mcp.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";
import type { Connection } from "./connection.ts";
import { HOUR_MS, MAX_STARTS_PER_HOUR } from "./limits.ts";
import { createRelisting } from "./relisting.ts";
import { watchOver, type WatchDeps } from "./watch-over.ts";

export interface KeeperDeps extends WatchDeps {
  /** Connects, within the time that such a start may take. */
  readonly connect: (
    of: {
      readonly server: McpServer;
      readonly holder: McpOwner;
      readonly onListChanged: () => void;
    },
    signal: AbortSignal,
  ) => Promise<Connection>;
  /** Waits for its turn among those that start, and for room. */
  readonly inTurn: <Result>(start: () => Promise<Result>, signal: AbortSignal) => Promise<Result>;
  /** Its tools are there, for the first time or anew. */
  readonly onListed: (connection: Connection, signal: AbortSignal) => Promise<void>;
  readonly onState: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** A problem in which nothing is tried again until somebody does something. */
const STUCK = new Set<McpProblem["kind"]>(["needs-sign-in"]);
/** After so long without trouble the next trouble is the first one again. */
const STEADY_MS = 60_000;

/**
 * Keeps one connection: off, starting, ready, slow, failing or needs-sign-in. Asleep it is off and begins with the next
 * call. Tries again with growing pauses, up to a number of starts within an hour.
 */
export class Keeper {
  readonly server: McpServer;
  readonly holder: McpOwner;
  readonly #deps: KeeperDeps;
  #state: McpState = "off";
  #detail: string | null = null;
  #connection: Connection | null = null;
  #lastLines: readonly string[] = [];
  #isAsleep: boolean;
  #starts: number[] = [];
  #usedAt: number;
  #since: number;
  #bell = Promise.withResolvers<void>();
  readonly #waiting = new Set<PromiseWithResolvers<Connection>>();
  #restart: (() => void) | null = null;
  #relist: (() => Promise<void>) | null = null;

  constructor(
    deps: KeeperDeps,
    { server, holder }: { readonly server: McpServer; readonly holder: McpOwner },
    { isAsleep }: { readonly isAsleep: boolean },
  ) {
    this.#deps = deps;
    this.server = server;
    this.holder = holder;
    this.#isAsleep = isAsleep;
    this.#usedAt = deps.clock.elapsedMs();
    this.#since = this.#usedAt;
  }

  get state(): McpState {
    return this.#state;
  }

  /** How long it has been as it is. */
  get inStateMs(): number {
    return this.#deps.clock.elapsedMs() - this.#since;
  }

  get detail(): string | null {
    return this.#detail;
  }

  get connection(): Connection | null {
    return this.#connection;
  }

  /** Of its life before, too: why it ended is told last. */
  get lines(): readonly string[] {
    return this.#connection?.lines() ?? this.#lastLines;
  }

  get startsInLastHour(): number {
    const since = this.#deps.clock.elapsedMs() - HOUR_MS;
    this.#starts = this.#starts.filter((at) => at > since);
    return this.#starts.length;
  }

  /** When it was used last, for whoever looks for one to put to sleep; null while it is used or not there. */
  get idleSince(): number | null {
    return this.#connection && this.#connection.running() === 0 ? this.#usedAt : null;
  }

  /** The connection, begun first where it is asleep. Throws McpProblem when it does not come about. */
  async reach(signal: AbortSignal): Promise<Connection> {
    this.#usedAt = this.#deps.clock.elapsedMs();
    if (this.#connection) return this.#connection;
    if (this.#state === "failing" || this.#state === "needs-sign-in") throw this.#problem();
    const waiting = Promise.withResolvers<Connection>();
    const onAbort = () => waiting.reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    this.#waiting.add(waiting);
    this.wake();
    try {
      return await waiting.promise;
    } finally {
      this.#waiting.delete(waiting);
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Begins now, where it sleeps or waits. */
  wake(): void {
    this.#isAsleep = false;
    this.#bell.resolve();
  }

  /** Ends the connection and begins anew; does not count as a trouble. */
  restart(): void {
    if (this.#restart) this.#restart();
    else this.wake();
  }

  sleep(): void {
    this.#isAsleep = true;
    this.#restart?.();
  }

  /** Asks for its tools anew; false when it is not connected. */
  async refresh(): Promise<boolean> {
    if (!this.#relist) return false;
    await this.#relist();
    return true;
  }

  /** Resolves when the signal has fired and everything is closed. */
  async run(signal: AbortSignal): Promise<void> {
    const { firstRetryMs, maxRetryMs } = this.#deps.paces;
    let failures = 0;
    while (!signal.aborted) {
      if (this.#isAsleep) {
        this.#become("off", null);
        await this.#rest(Infinity, signal);
        continue;
      }
      if (this.startsInLastHour >= MAX_STARTS_PER_HOUR) {
        await this.#giveUp(signal);
        continue;
      }
      const startedAt = this.#deps.clock.elapsedMs();
      const problem = await this.#live(signal);
      if (signal.aborted) break;
      if (problem === null) {
        failures = 0;
        continue;
      }
      const wasSteady = this.#deps.clock.elapsedMs() - startedAt > STEADY_MS;
      failures = wasSteady ? 1 : failures + 1;
      this.#fail(problem);
      const waitMs = STUCK.has(problem.kind)
        ? Infinity
        : Math.min(firstRetryMs * 2 ** (failures - 1), maxRetryMs);
      await this.#rest(waitMs, signal);
    }
    this.#rejectAll(new McpProblem("gone", "The server was switched off, removed or restarted."));
    this.#become("off", null);
  }

  /** One life of a connection: null when it was ended on purpose, otherwise why it ended. */
  async #live(signal: AbortSignal): Promise<McpProblem | null> {
    const { inTurn, clock, connect, onListed } = this.#deps;
    const ending = new AbortController();
    this.#restart = () => ending.abort();
    const own = AbortSignal.any([signal, ending.signal]);
    this.#starts.push(clock.elapsedMs());
    this.#become("starting", null);
    const list = () => (this.#connection ? onListed(this.#connection, own) : Promise.resolve());
    const relisting = createRelisting(list, {
      clock,
      everyMs: this.#deps.paces.relistEveryMs,
      onError: (error) => this.#note("mcp-list-failed", error),
    });
    const { server, holder } = this;
    try {
      const connection = await inTurn(async () => {
        const opened = await connect({ server, holder, onListChanged: relisting.poke }, own);
        try {
          await onListed(opened, own);
          return opened;
        } catch (error) {
          this.#lastLines = opened.lines();
          await opened[Symbol.asyncDispose]();
          throw error;
        }
      }, own);
      try {
        this.#connection = connection;
        this.#relist = list;
        this.#usedAt = clock.elapsedMs();
        this.#become("ready", null);
        for (const { resolve } of this.#waiting) resolve(connection);
        const watched = await watchOver(this.#deps, connection, {
          idleSince: () => this.idleSince,
          onPace: (isSlow) => this.#become(isSlow ? "slow" : "ready", isSlow ? SLOW_WORDS : null),
          signal: own,
        });
        if (watched === "idle") this.#isAsleep = true;
        return watched === "idle" || watched === "stopped" ? null : watched;
      } finally {
        this.#lastLines = connection.lines();
        this.#connection = null;
        this.#relist = null;
        relisting.stop();
        await connection[Symbol.asyncDispose]();
      }
    } catch (error) {
      if (own.aborted) return null;
      return error instanceof McpProblem
        ? error
        : new McpProblem("broken", asError(error).message, { cause: error });
    } finally {
      this.#restart = null;
      relisting.stop();
    }
  }

  #fail(problem: McpProblem): void {
    this.#become(problem.kind === "needs-sign-in" ? "needs-sign-in" : "failing", problem.message);
    this.#rejectAll(problem);
    this.#note("mcp-server-failed", problem);
  }

  /** Too many starts: it is left alone until somebody wants it again, or the hour is over. */
  async #giveUp(signal: AbortSignal): Promise<void> {
    const why = this.#detail ?? "It ended again and again.";
    const words = `${why} Given up after ${MAX_STARTS_PER_HOUR} starts within an hour; restart it when it is mended.`;
    this.#become("failing", words);
    this.#rejectAll(this.#problem());
    this.#deps.log.error({ serverId: this.server.id }, "mcp-server-given-up");
    await this.#rest(Infinity, signal);
    this.#starts = [];
  }

  #problem(): McpProblem {
    const words = this.#detail ?? "It does not work at the moment.";
    return new McpProblem(
      this.#state === "needs-sign-in" ? "needs-sign-in" : "cannot-start",
      words,
    );
  }

  #rejectAll(problem: McpProblem): void {
    for (const { reject } of this.#waiting) reject(problem);
  }

  /** Until the time is over, or somebody wakes it. */
  async #rest(ms: number, signal: AbortSignal): Promise<void> {
    const bell = Promise.withResolvers<void>();
    this.#bell = bell;
    const over = new AbortController();
    const any = AbortSignal.any([signal, over.signal]);
    void bell.promise.then(() => over.abort());
    // Longer than a timer can wait is for ever: whoever is waited for rings.
    while (!any.aborted && ms > 0) {
      const piece = Math.min(ms, HOUR_MS);
      await pause(piece, any);
      ms -= piece;
    }
  }

  #become(state: McpState, detail: string | null): void {
    if (state === this.#state && detail === this.#detail) return;
    if (state !== this.#state) this.#since = this.#deps.clock.elapsedMs();
    this.#state = state;
    this.#detail = detail;
    this.#deps.onState();
  }

  #note(event: string, error: unknown): void {
    const kind = error instanceof McpProblem ? error.kind : "unknown";
    this.#deps.log.warn({ serverId: this.server.id, kind }, event);
  }
}

const SLOW_WORDS = "It answers slowly, or not always.";
