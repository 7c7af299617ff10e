import type pg from "pg";
import type { ComponentStore } from "../core/components.ts";
import type { Fault } from "../core/fault.ts";
import type { FileIndex } from "../core/files.ts";
import type { Log } from "../core/log.ts";
import type { SecretStore } from "../core/secrets.ts";
import type { Service } from "../core/service.ts";
import type { SettingsStore } from "../core/settings.ts";
import type { UsageReports } from "../core/usage-report.ts";
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
import type { Sealer } from "../lib/seal.ts";
import { createComponentStore } from "./components.ts";
import { createDatabase, upkeepBoss } from "./database.ts";
import { createFileIndex } from "./files.ts";
import { createGateLog, type StoredGateLog } from "./gate-log.ts";
import { createInbox } from "./inbox.ts";
import { createLedger } from "./ledger.ts";
import { migrateDatabase } from "./migrate.ts";
import { createOutbox } from "./outbox.ts";
import { startBoss } from "./queue/boss.ts";
import { createOrphanWatch, releaseAll } from "./queue/orphans.ts";
import { createSummaryJobs, type SummaryJobs } from "./queue/summary-jobs.ts";
import { createTurnJobs } from "./queue/turn-jobs.ts";
import { createTurnQueue } from "./queue/turn-queue.ts";
import { createSettingsStore } from "./preferences.ts";
import { createRewrapping } from "./rewrapping.ts";
import { createSecretStore } from "./secrets.ts";
import { createChannelSettings, createNotes } from "./settings.ts";
import { createStepStore } from "./steps.ts";
import { createTidying } from "./tidying.ts";
import { createTranscript } from "./transcript.ts";
import { createTurnStore } from "./turns.ts";
import { createUsageReports } from "./usage-report.ts";

export interface StoreDeps {
  readonly log: Log;
  readonly fault: Fault;
  readonly random: () => number;
  /** A new UUID. */
  readonly createId: () => string;
  /** null: no secrets can be kept. */
  readonly sealer: Sealer | null;
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
  readonly secrets: SecretStore;
  readonly components: ComponentStore;
  readonly settings: SettingsStore;
  readonly usage: UsageReports;
  readonly files: FileIndex;
  readonly summaries: SummaryJobs;
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
  const gateLog = createGateLog(db);
  const components = createComponentStore(db);
  const secrets = createSecretStore(db, deps.sealer);
  return {
    kind,
    inbox: createInbox({ database, jobs, fault, createId }),
    turns: createTurnStore({ database, jobs, summaries, worker }),
    queue: createTurnQueue(boss, database, wakers),
    steps: createStepStore({ db, fault }),
    outbox: createOutbox({ db, fault }),
    transcript: createTranscript(database),
    ledger: createLedger({ database }),
    gateLog,
    channels: createChannelSettings(db),
    notes: createNotes(db),
    secrets,
    components,
    settings: createSettingsStore(db),
    usage: createUsageReports(db),
    files: createFileIndex(database),
    summaries,
    services: [
      ...services({ worker, wake }),
      ...(kind === "server" ? [createOrphanWatch(boss, db, log, wake)] : []),
      createTidying([gateLog, components], log),
      createRewrapping(secrets, log),
    ],
    async ping() {
      await pool.query("select 1");
    },
    [Symbol.asyncDispose]: () => boss.stop({ graceful: false, close: false }),
  };
}
