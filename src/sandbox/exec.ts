import { constants } from "node:os";
import {
  SandboxProblem,
  type LimitHit,
  type Program,
  type RunEnd,
  type RunEvent,
  type RunLimits,
} from "../core/sandbox.ts";
import type { FindHost } from "../core/net.ts";
import type { Keeper, KeeperEvent } from "./keeper.ts";
import { openWayOut, type WayOut } from "./way-out.ts";

interface Deps {
  readonly keeper: Keeper;
  /** Ends the whole sandbox, and tells what it ended by when it was none of ours. */
  readonly kill: () => Promise<void>;
  readonly endedBy: () => Promise<LimitHit | null>;
  /** null: nobody can be reached from here. */
  readonly findHost: FindHost | null;
}

/** A keeper that does not end a program in that time does not get to: the sandbox ends. Together less than a second. */
const STOP_PATIENCE_MS = 700;
/** On top of the time that a program has. */
const TIME_PATIENCE_MS = 4_000;
/** A keeper that passes on more than it was told to is none of ours any more. */
const SLACK_BYTES = 64 * 1024;

/** One program, with the keeper's own limits and ours behind them. */
export async function* exec(
  deps: Deps,
  program: Program,
  limits: RunLimits,
  signal: AbortSignal,
): AsyncGenerator<RunEvent> {
  signal.throwIfAborted();
  const { keeper, kill, findHost } = deps;
  const hosts = new Set(limits.hosts?.map((host) => host.toLowerCase()));
  if (hosts.size > 0 && (findHost === null || program.kind === "session")) throw noWayOut();
  const run = keeper.open();
  const wayOut = findHost === null ? null : openWayOut({ keeper, findHost, runId: run.id, hosts });
  let isOver = false;
  let timer = setTimeout(() => void kill(), limits.timeMs + TIME_PATIENCE_MS);
  const stop = () => {
    if (isOver) return;
    clearTimeout(timer);
    timer = setTimeout(() => void kill(), STOP_PATIENCE_MS);
    void keeper.send({ op: "stop", id: run.id });
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    const { body, ...head } = toRequest(program);
    await keeper.send(
      {
        ...head,
        id: run.id,
        ms: limits.timeMs,
        out: limits.outBytes,
        err: limits.errBytes,
        out_allowed: hosts.size > 0,
      },
      body,
    );
    for await (const event of withEnd(deps, run.events, limits, wayOut)) {
      isOver = event.type === "end";
      if (!signal.aborted) yield event;
      if (isOver) break;
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener("abort", stop);
    // Whoever does not wait for the end wants it to end.
    if (!isOver) stop();
    else clearTimeout(timer);
    wayOut?.close();
    run.close();
  }
}

const noWayOut = (): SandboxProblem =>
  new SandboxProblem("file", "Nobody can be reached from this program here.");

function toRequest(
  program: Program,
): { readonly body: Uint8Array } & Readonly<Record<string, unknown>> {
  switch (program.kind) {
    case "session":
      return { op: "session", body: Buffer.from(program.code) };
    case "python":
      return { op: "run", argv: ["python3", "@"], body: Buffer.from(program.code) };
    case "shell":
      return { op: "run", argv: ["/bin/sh", "@"], body: Buffer.from(program.command) };
    case "argv":
      return { op: "run", argv: program.argv, env: program.env ?? {}, body: Buffer.alloc(0) };
  }
}

async function* withEnd(
  { kill, endedBy }: Deps,
  events: AsyncIterable<KeeperEvent>,
  limits: RunLimits,
  wayOut: WayOut | null,
): AsyncGenerator<RunEvent> {
  let room = limits.outBytes + limits.errBytes + SLACK_BYTES;
  try {
    for await (const event of events) {
      if (wayOut?.hear(event)) continue;
      room -= event.body.length;
      if (room < 0) {
        await kill();
        yield killedBy("output");
        return;
      }
      yield* toEvents(event);
    }
  } catch (error) {
    const limit = await endedBy();
    if (limit === null) throw error;
    yield killedBy(limit);
  }
}

function* toEvents(event: KeeperEvent): Generator<RunEvent> {
  if (event.event === "out")
    yield { type: "output", to: event.to === 1 ? "out" : "err", bytes: event.body };
  if (event.event === "session") yield { type: "session", isNew: event.new };
  if (event.event === "failed") throw notStarted(event.code);
  if (event.event === "end")
    yield {
      type: "end",
      exitCode: event.status < 0 ? null : event.status,
      signal: event.status < 0 ? -event.status : null,
      limit: event.limit,
      elapsedMs: event.ms,
      peakBytes: event.peak,
      hasSession: event.session,
    };
}

function notStarted(code: string): SandboxProblem {
  if (code === "EBUSY")
    return new SandboxProblem(
      "busy",
      "Something runs in this sandbox already. Wait until it ends, or stop it.",
    );
  return new SandboxProblem(
    "file",
    code === "ENOENT"
      ? "There is no such program in the sandbox."
      : `The program could not be started (${code}).`,
  );
}

const killedBy = (limit: LimitHit): RunEnd => ({
  type: "end",
  exitCode: null,
  signal: constants.signals.SIGKILL,
  limit,
  elapsedMs: 0,
  peakBytes: 0,
  hasSession: false,
});
