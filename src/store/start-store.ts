import type pg from "pg";
import { systemClock } from "../core/clock.ts";
import type { Fault } from "../core/fault.ts";
import type { FactVectors, MemoryStore, RecallSource } from "../core/memory.ts";
import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import type {
  ChannelSettings,
  Inbox,
  Ledger,
  Notes,
  Outbox,
  StepStore,
  Transcript,
  TurnQueue,
  TurnStore,
} from "../core/stores.ts";
import { createDatabase, upkeepBoss } from "./database.ts";
import { createGateLog, type StoredGateLog } from "./gate-log.ts";
import { createInbox } from "./inbox.ts";
import { createLedger } from "./ledger.ts";
import { createMemories } from "./memories.ts";
import { createRecallSource } from "./memory-recall.ts";
import { createFactVectors } from "./memory-vectors.ts";
import { migrateDatabase } from "./migrate.ts";
import { createOutbox } from "./outbox.ts";
import { startBoss } from "./queue/boss.ts";
import { createLearnJobs, type LearnJobs } from "./queue/learn-jobs.ts";
import { createOrphanWatch, releaseAll } from "./queue/orphans.ts";
import { createSummaryJobs, type SummaryJobs } from "./queue/summary-jobs.ts";
import { createTurnJobs } from "./queue/turn-jobs.ts";
import { createTurnQueue } from "./queue/turn-queue.ts";
import { createChannelSettings, createNotes } from "./settings.ts";
import { createStepStore } from "./steps.ts";
import { createTidying } from "./tidying.ts";
import { createTranscript } from "./transcript.ts";
import { createTurnStore } from "./turns.ts";

export interface StoreDeps {
  readonly log: Log;
  readonly fault: Fault;
  readonly random: () => number;
  /** A new UUID. */
  readonly createId: () => string;
}

export interface Store extends AsyncDisposable {
  readonly kind: "embedded" | "server";
  readonly inbox: Inbox;
  readonly turns: TurnStore;
  readonly queue: TurnQueue;
  readonly steps: StepStore;
  readonly outbox: Outbox;
  readonly transcript: Transcript;
  readonly ledger: Ledger;
  readonly gateLog: StoredGateLog;
  readonly channels: ChannelSettings;
  readonly notes: Notes;
  readonly summaries: SummaryJobs;
  readonly memories: MemoryStore;
  readonly recall: RecallSource;
  readonly vectors: FactVectors;
  readonly learning: LearnJobs;
  /** What has to run while the store is open. */
  readonly services: readonly Service[];
  /** One trivial query; rejects when the database does not answer. */
  readonly ping: () => Promise<void>;
}

/** A database that is reached, of either size. */
export interface Opened {
  readonly kind: "embedded" | "server";
  readonly pool: pg.Pool;
  /** What has to run besides, for a worker with this number. */
  readonly services: (queue: {
    readonly worker: number;
    readonly wake: () => void;
  }) => readonly Service[];
}

/** Migrates the database, starts the queue on it and puts the stores on top. Closing it leaves the pool open. */
export async function startStore(
  deps: StoreDeps,
  { kind, pool, services }: Opened,
): Promise<Store> {
  const { log, fault, createId } = deps;
  await migrateDatabase(pool);
  const database = createDatabase(pool);
  const { db } = database;
  const boss = await startBoss(upkeepBoss(pool), { kind, log });
  // Nobody else can have an embedded database open: whatever was begun before was left behind.
  if (kind === "embedded") await releaseAll(boss, db);
  const wakers = new Set<() => void>();
  const wake = () => wakers.forEach((each) => each());
  const worker = Math.floor(deps.random() * 2 ** 31);
  const jobs = createTurnJobs(boss, wake, kind === "server");
  const summaries = createSummaryJobs(boss, db);
  const learning = createLearnJobs(boss, db);
  const gateLog = createGateLog(db);
  return {
    kind,
    inbox: createInbox({ database, jobs, fault, createId }),
    turns: createTurnStore({ database, jobs, summaries, learning, worker }),
    queue: createTurnQueue(boss, database, wakers),
    steps: createStepStore({ db, fault }),
    outbox: createOutbox({ db, fault }),
    transcript: createTranscript(database),
    ledger: createLedger({ database }),
    gateLog,
    channels: createChannelSettings(db),
    notes: createNotes(db),
    summaries,
    memories: createMemories({ database, createId, now: systemClock.now }),
    recall: createRecallSource({ database, now: systemClock.now }),
    vectors: createFactVectors(database),
    learning,
    services: [
      ...services({ worker, wake }),
      ...(kind === "server" ? [createOrphanWatch(boss, db, log, wake)] : []),
      createTidying(gateLog, db, log),
    ],
    async ping() {
      await pool.query("select 1");
    },
    [Symbol.asyncDispose]: () => boss.stop({ graceful: false, close: false }),
  };
}
