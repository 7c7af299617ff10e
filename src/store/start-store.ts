import type pg from "pg";
import type { RowSource } from "../core/backup.ts";
import { systemClock } from "../core/clock.ts";
import type { Fault } from "../core/fault.ts";
import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import type { Sealer } from "../lib/seal.ts";
import { createApprovals } from "./approvals.ts";
import { createAudit } from "./audit.ts";
import { createRowSource } from "./backup/read-rows.ts";
import { readBacklog } from "./backlog.ts";
import { createComponentStore } from "./components.ts";
import { createDatabase, upkeepBoss } from "./database.ts";
import { createAccessTokens } from "./access-tokens.ts";
import { createAcquaintances } from "./acquaintances.ts";
import { createExplanations } from "./explanations.ts";
import { createFollowUps } from "./follow-ups.ts";
import { createFarewells } from "./farewells.ts";
import { createFileIndex } from "./files.ts";
import { createSpokenWords } from "./spoken-words.ts";
import { createGateLog } from "./gate-log.ts";
import { createGoogleLinks } from "./google-links.ts";
import { createHistory } from "./history.ts";
import { createInbox } from "./inbox.ts";
import { createLedger } from "./ledger.ts";
import { createLogEntries } from "./log-entries.ts";
import { createSecretCheck } from "../memory/told-secret.ts";
import { purgeForgotten } from "./memory-forget.ts";
import { createEpisodes } from "./memory-episodes.ts";
import { createPostgresGraph } from "./memory-graph.ts";
import { createIntentions } from "./memory-intentions.ts";
import { createMemories } from "./memories.ts";
import { createOwnSkills } from "./own-skills.ts";
import { createReceipts } from "./memory-receipts.ts";
import { createRecallSource } from "./memory-recall.ts";
import { createSharedFacts } from "./memory-shared.ts";
import { createFactVectors } from "./memory-vectors.ts";
import { createLocks } from "./locks.ts";
import { createMailAccounts } from "./mail-accounts.ts";
import { createMailAlertQueue, createMails } from "./mail-alerts.ts";
import { createMailDrafts } from "./mail-drafts.ts";
import { createMailQueue } from "./mail-queue.ts";
import { createMailRules } from "./mail-rules.ts";
import { tidyMail } from "./mail-tidying.ts";
import { createMcpServers } from "./mcp-servers.ts";
import { createMcpQuestions } from "./mcp-questions.ts";
import { createMcpSignIns } from "./mcp-sign-ins.ts";
import { createMcpTools } from "./mcp-tools.ts";
import { isToBeUpgraded, migrateDatabase } from "./migrate.ts";
import { createOutbox } from "./outbox.ts";
import { startBoss } from "./queue/boss.ts";
import { createEpisodeJobs } from "./queue/episode-jobs.ts";
import { createLearnJobs } from "./queue/learn-jobs.ts";
import { createOrphanWatch, releaseAll } from "./queue/orphans.ts";
import { releaseDue } from "./due.ts";
import { createReminderQueue } from "./reminder-queue.ts";
import { createReminders } from "./reminders.ts";
import { createScheduleQueue } from "./schedule-queue.ts";
import { createSchedules } from "./schedules.ts";
import { createSummaryJobs } from "./queue/summary-jobs.ts";
import { createTurnJobs } from "./queue/turn-jobs.ts";
import { createTurnQueue } from "./queue/turn-queue.ts";
import { createSettingsStore } from "./preferences.ts";
import { createRetention } from "./retention.ts";
import { createRewrapping } from "./rewrapping.ts";
import { createSecretStore } from "./secrets.ts";
import { createChannelSettings, createNotes } from "./settings.ts";
import { createStepStore } from "./steps.ts";
import { createTidying } from "./tidying.ts";
import { createToolRules } from "./tool-rules.ts";
import { createTranscript } from "./transcript.ts";
import { createTurnStore } from "./turns.ts";
import { createUsageReports } from "./usage-report.ts";
import type { Store } from "./store.ts";

export type { Store } from "./store.ts";

export interface StoreDeps {
  readonly log: Log;
  readonly fault: Fault;
  readonly random: () => number;
  /** A new UUID. */
  readonly createId: () => string;
  /** null: no secrets can be kept. */
  readonly sealer: Sealer | null;
  /** What nobody may read; also what is entered while she runs. */
  readonly knownSecrets?: () => readonly string[];
  /** Before a database with something in it is changed for this program. What it throws keeps the store closed. */
  readonly beforeUpgrade?: ((rows: RowSource) => Promise<void>) | undefined;
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
  const rows = createRowSource(pool);
  if (deps.beforeUpgrade && (await isToBeUpgraded(pool))) await deps.beforeUpgrade(rows);
  await migrateDatabase(pool);
  const database = createDatabase(pool);
  const { db } = database;
  const boss = await startBoss(upkeepBoss(pool), { kind, log });
  // Nobody else can have an embedded database open: whatever was begun before was left behind.
  if (kind === "embedded") await Promise.all([releaseAll(boss, db), releaseDue(db)]);
  const wakers = new Set<() => void>();
  const wake = () => wakers.forEach((each) => each());
  const worker = Math.floor(deps.random() * 2 ** 31);
  const jobs = createTurnJobs(boss, wake, kind === "server");
  const summaries = createSummaryJobs(boss, db);
  const learning = createLearnJobs(boss, db);
  const episodeJobs = createEpisodeJobs(boss, db);
  const gateLog = createGateLog(db);
  const audit = createAudit(db);
  const components = createComponentStore(db);
  const holdsSecret = createSecretCheck(deps.knownSecrets ?? (() => []));
  const learnDeps = { database, createId, now: systemClock.now, holdsSecret };
  const memories = createMemories(learnDeps);
  const { tidy: tidyIntentions, ...intentions } = createIntentions(learnDeps);
  const { tidy: tidyGraph, ...graph } = createPostgresGraph(learnDeps);
  const { tidy: tidyEpisodes, ...episodes } = createEpisodes(learnDeps);
  const retention = createRetention(database);
  const secrets = createSecretStore(db, deps.sealer);
  const googleLinks = createGoogleLinks(db);
  const locks = createLocks(db);
  const accessTokens = createAccessTokens(db);
  const mcpQuestions = createMcpQuestions(db);
  const mcpSignIns = createMcpSignIns(database, deps.sealer);
  return {
    kind,
    inbox: createInbox({ database, jobs, fault, createId }),
    turns: createTurnStore({ database, jobs, summaries, learning, episodes: episodeJobs, worker }),
    queue: createTurnQueue(boss, database, wakers),
    steps: createStepStore({ db, fault }),
    outbox: createOutbox({ db, fault }),
    transcript: createTranscript(database),
    ledger: createLedger({ database }),
    gateLog,
    acquaintances: createAcquaintances(db),
    explanations: createExplanations(db),
    followUps: createFollowUps({ database, jobs, createId }),
    channels: createChannelSettings(db),
    notes: createNotes(db),
    secrets,
    components,
    settings: createSettingsStore(db),
    usage: createUsageReports(db),
    approvals: createApprovals({ database, jobs, createId }),
    toolRules: createToolRules(db),
    audit,
    files: createFileIndex(database),
    spokenWords: createSpokenWords(database),
    retention,
    googleLinks,
    locks,
    ownSkills: createOwnSkills(db),
    mailAccounts: createMailAccounts(database),
    mailRules: createMailRules(database),
    mailDrafts: createMailDrafts(database, createId),
    mails: createMails(database),
    mailQueue: createMailQueue(database),
    mailAlerts: createMailAlertQueue(database),
    mcpServers: createMcpServers(database),
    mcpTools: createMcpTools(database),
    mcpSignIns,
    mcpQuestions,
    accessTokens,
    summaries,
    reminders: createReminders(database),
    reminderQueue: createReminderQueue(database),
    schedules: createSchedules(database),
    history: createHistory(db),
    scheduleQueue: createScheduleQueue(database),
    memories,
    farewells: createFarewells({ database }),
    sharedFacts: createSharedFacts(learnDeps),
    intentions,
    episodes,
    graph,
    episodeJobs,
    receipts: createReceipts(database),
    recall: createRecallSource({ database, now: systemClock.now }),
    vectors: createFactVectors(database),
    learning,
    logEntries: createLogEntries(db),
    rows,
    services: [
      ...services({ worker, wake }),
      ...(kind === "server" ? [createOrphanWatch(boss, db, log, wake)] : []),
      createTidying(
        [
          gateLog,
          components,
          audit,
          googleLinks,
          locks,
          mcpSignIns,
          mcpQuestions,
          accessTokens,
          { tidy: () => purgeForgotten(db) },
          { tidy: tidyIntentions },
          { tidy: tidyEpisodes },
          { tidy: tidyGraph },
          { tidy: () => tidyMail(db) },
          { tidy: () => retention.tidy() },
        ],
        log,
      ),
      createRewrapping(secrets, log),
    ],
    async ping() {
      await pool.query("select 1");
    },
    backlog: () => readBacklog(db),
    [Symbol.asyncDispose]: () => boss.stop({ graceful: false, close: false }),
  };
}
