import type { Log } from "../core/log.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";
import type { Snowflake } from "./snowflake.ts";
import { isAfter, justBefore } from "./snowflake.ts";
import type { WireMessage } from "./wire.ts";

/** Things that wait in one channel; with more, its messages are read again from Discord when their turn comes. */
const MAX_WAITING = 500;
/** Of these, edits and deletes, which cannot be read again; the oldest are given up. */
const MAX_CHANGES = 250;
/** Messages that are stored together. */
const MAX_BATCH = 50;
/** Words that get no answer are stored within this time, together with those that follow. */
const HEAR_WITHIN_MS = 1_000;
const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 30_000;
/** After these, what waits is given up in favour of reading the channel again; that is tried for ever. */
const MAX_ATTEMPTS = 5;
/** At the end, what was received is stored within this time; what is not will be back-filled. */
const DRAIN_MS = 3_000;

/** One thing to do in a channel. */
export type Task =
  /** `patient`: gets no answer, so it may wait for others to be stored together. */
  | { readonly kind: "message"; readonly message: WireMessage; readonly patient: boolean }
  | { readonly kind: "edit"; readonly message: WireMessage }
  | { readonly kind: "delete"; readonly ids: readonly Snowflake[] }
  /** Read what was said after `after`. `guildId` is null for DMs. */
  | { readonly kind: "back-fill"; readonly after: Snowflake; readonly guildId: Snowflake | null };

export type BackFillTask = Extract<Task, { readonly kind: "back-fill" }>;

export interface Lanes {
  readonly push: (channelId: Snowflake, task: Task) => void;
  /** Before everything that waits in the channel. */
  readonly pushFirst: (channelId: Snowflake, task: Task) => void;
  /** Begins nothing new while anybody holds. */
  readonly hold: (who: number) => void;
  readonly release: (who: number) => void;
  /** Takes nothing more and does what waits, for a short while. */
  readonly close: () => Promise<void>;
}

interface Deps {
  /** Does some messages, or one task of another kind. Throws to have it done again later. */
  readonly work: (
    channelId: Snowflake,
    tasks: readonly [Task, ...Task[]],
    signal: AbortSignal,
  ) => Promise<void>;
  /** 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
}

interface Lane {
  readonly channelId: Snowflake;
  tasks: Task[];
  running: Promise<void> | null;
  timer: NodeJS.Timeout | null;
}

/**
 * One thing after the other within a channel, many channels side by side. Nothing is lost when work fails or too much
 * waits: the channel's messages are then read again from Discord, which has them all.
 */
export function createLanes({ work, random, log }: Deps): Lanes {
  const lanes = new Map<Snowflake, Lane>();
  const holders = new Set<number>();
  const stop = new AbortController();
  let isOpen = true;

  function laneOf(channelId: Snowflake): Lane {
    const lane = lanes.get(channelId) ?? { channelId, tasks: [], running: null, timer: null };
    lanes.set(channelId, lane);
    return lane;
  }

  function add(channelId: Snowflake, arrange: (tasks: readonly Task[]) => Task[]): void {
    if (!isOpen) return;
    const lane = laneOf(channelId);
    lane.tasks = arrange(lane.tasks);
    if (lane.tasks.length > MAX_WAITING) {
      log.warn({ channelId, waiting: lane.tasks.length }, "lane-full");
      lane.tasks = readAgain(lane.tasks);
    }
    if (isPatient(lane)) lane.timer ??= setTimeout(() => start(lane), HEAR_WITHIN_MS);
    else start(lane);
  }

  function start(lane: Lane): void {
    if (lane.timer) clearTimeout(lane.timer);
    lane.timer = null;
    if (holders.size > 0) return;
    lane.running ??= run(lane).finally(() => {
      lane.running = null;
      if (lane.tasks.length === 0) lanes.delete(lane.channelId);
      // Something came between the last look and now.
      else if (!stop.signal.aborted) start(lane);
    });
  }

  async function run(lane: Lane): Promise<void> {
    let failures = 0;
    while (holders.size === 0 && !stop.signal.aborted) {
      const batch = firstBatch(lane.tasks);
      if (!batch) return;
      try {
        await work(lane.channelId, batch, stop.signal);
        failures = 0;
        drop(lane, batch);
      } catch (error) {
        failures++;
        log.warn({ channelId: lane.channelId, failures, error: asError(error) }, "lane-failed");
        if (failures >= MAX_ATTEMPTS) lane.tasks = readAgain(lane.tasks);
        await pause(pauseMs(failures, random()), stop.signal);
      }
    }
  }

  return {
    push: (channelId, task) => add(channelId, (tasks) => [...tasks, task]),
    pushFirst: (channelId, task) => add(channelId, (tasks) => [task, ...tasks]),
    hold: (who) => void holders.add(who),
    release(who) {
      holders.delete(who);
      for (const lane of lanes.values()) start(lane);
    },
    async close() {
      isOpen = false;
      holders.clear();
      for (const lane of lanes.values()) start(lane);
      const drained = Promise.all([...lanes.values()].flatMap(({ running }) => running ?? []));
      await Promise.race([drained, pause(DRAIN_MS, stop.signal)]);
      stop.abort();
      await drained;
    },
  };
}

const isPatient = ({ running, tasks }: Lane): boolean =>
  running === null &&
  tasks.length < MAX_BATCH &&
  tasks.every((task) => task.kind === "message" && task.patient);

/** Messages up to the first task of another kind, or that one task; null when nothing waits. */
function firstBatch([first, ...rest]: readonly Task[]): readonly [Task, ...Task[]] | null {
  if (!first) return null;
  if (first.kind !== "message") return [first];
  const other = rest.findIndex(({ kind }) => kind !== "message");
  const alike = other === -1 ? rest : rest.slice(0, other);
  return [first, ...alike.slice(0, MAX_BATCH - 1)];
}

/** By identity: what was done may have been replaced meanwhile by an order to read the channel again. */
function drop(lane: Lane, batch: readonly Task[]): void {
  const done = new Set(batch);
  lane.tasks = lane.tasks.filter((task) => !done.has(task));
}

/** Instead of the messages, one order to read the channel from the first of them on; edits and deletes are kept. */
function readAgain(tasks: readonly Task[]): Task[] {
  const orders = tasks.flatMap(toOrder).toSorted((a, b) => (isAfter(a.after, b.after) ? 1 : -1));
  const changes = tasks.filter(({ kind }) => kind === "edit" || kind === "delete");
  return [...orders.slice(0, 1), ...changes.slice(-MAX_CHANGES)];
}

function toOrder(task: Task): BackFillTask[] {
  if (task.kind === "back-fill") return [task];
  if (task.kind !== "message") return [];
  const { id, guild_id: guildId } = task.message;
  return [{ kind: "back-fill", after: justBefore(id), guildId: guildId ?? null }];
}

/** Doubles, with up to a quarter of chance, so that channels do not come back all at once. */
const pauseMs = (failures: number, chance: number): number =>
  Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), MAX_RETRY_MS) * (0.75 + chance / 4);
