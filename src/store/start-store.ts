import type pg from "pg";
import type { Approvals, ToolRules } from "../core/approvals.ts";
import type { RowSource } from "../core/backup.ts";
import type { ComponentStore } from "../core/components.ts";
import type { History } from "../core/history.ts";
import { systemClock } from "../core/clock.ts";
import type { Fault } from "../core/fault.ts";
import type { MemoryStore } from "../core/memory.ts";
import type { FactVectors, RecallSource } from "../core/recall.ts";
import type { Farewells } from "../core/farewells.ts";
import type { FileIndex } from "../core/files.ts";
import type { EpisodeStore } from "../core/episodes.ts";
import type { GraphStore } from "../core/graph.ts";
import type { Intentions } from "../core/intentions.ts";
import type { SharedFacts } from "../core/shared-facts.ts";
import type { Log } from "../core/log.ts";
import type { MailAccounts } from "../core/mail.ts";
import type { MailDrafts } from "../core/mail-drafts.ts";
import type { MailAlertQueue, MailQueue, Mails } from "../core/mail-queue.ts";
import type { MailRules } from "../core/mail-rules.ts";
import type { McpServers, McpTools } from "../core/mcp.ts";
import type { SecretStore } from "../core/secrets.ts";
import type { Receipts } from "../core/receipts.ts";
import type { ReminderQueue, Reminders } from "../core/reminders.ts";
import type { ScheduleQueue, Schedules } from "../core/schedules.ts";
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
  SpokenWords,
  Transcript,
  TurnQueue,
  TurnStore,
} from "../core/stores.ts";
import type { Backlog } from "../core/backlog.ts";
import type { LogEntries } from "../core/log-entries.ts";
import type { Sealer } from "../lib/seal.ts";
import { createApprovals } from "./approvals.ts";
import { createAudit, type StoredAudit } from "./audit.ts";
import { createRowSource } from "./backup/read-rows.ts";
import { readBacklog } from "./backlog.ts";
import { createComponentStore } from "./components.ts";
import { createDatabase, upkeepBoss } from "./database.ts";
import type { FollowUps } from "../core/follow-up.ts";
import type { Explanations } from "../core/explanations.ts";
import type { Acquaintances } from "../core/asker.ts";
import { createAcquaintances } from "./acquaintances.ts";
import { createExplanations } from "./explanations.ts";
import { createFollowUps } from "./follow-ups.ts";
import { createFarewells } from "./farewells.ts";
import { createFileIndex } from "./files.ts";
import { createSpokenWords } from "./spoken-words.ts";
import { createGateLog, type StoredGateLog } from "./gate-log.ts";
import { createGoogleLinks, type StoredGoogleLinks } from "./google-links.ts";
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
import type { OwnSkills } from "../core/own-skills.ts";
import { createOwnSkills } from "./own-skills.ts";
import { createReceipts } from "./memory-receipts.ts";
import { createRecallSource } from "./memory-recall.ts";
import { createSharedFacts } from "./memory-shared.ts";
import { createFactVectors } from "./memory-vectors.ts";
import { createLocks, type StoredLocks } from "./locks.ts";
import { createMailAccounts } from "./mail-accounts.ts";
import { createMailAlertQueue, createMails } from "./mail-alerts.ts";
import { createMailDrafts } from "./mail-drafts.ts";
import { createMailQueue } from "./mail-queue.ts";
import { createMailRules } from "./mail-rules.ts";
import { tidyMail } from "./mail-tidying.ts";
import { createMcpServers } from "./mcp-servers.ts";
import { createMcpSignIns, type StoredMcpSignIns } from "./mcp-sign-ins.ts";
import { createMcpTools } from "./mcp-tools.ts";
import { isToBeUpgraded, migrateDatabase } from "./migrate.ts";
import { createOutbox } from "./outbox.ts";
import { startBoss } from "./queue/boss.ts";
import { createEpisodeJobs, type EpisodeJobs } from "./queue/episode-jobs.ts";
import { createLearnJobs, type LearnJobs } from "./queue/learn-jobs.ts";
import { createOrphanWatch, releaseAll } from "./queue/orphans.ts";
import { releaseDue } from "./due.ts";
import { createReminderQueue } from "./reminder-queue.ts";
import { createReminders } from "./reminders.ts";
import { createScheduleQueue } from "./schedule-queue.ts";
import { createSchedules } from "./schedules.ts";
import { createSummaryJobs, type SummaryJobs } from "./queue/summary-jobs.ts";
import { createTurnJobs } from "./queue/turn-jobs.ts";
import { createTurnQueue } from "./queue/turn-queue.ts";
import { createSettingsStore } from "./preferences.ts";
import { createRetention, type Retention } from "./retention.ts";
import { createRewrapping } from "./rewrapping.ts";
import { createSecretStore } from "./secrets.ts";
import { createChannelSettings, createNotes } from "./settings.ts";
import { createStepStore } from "./steps.ts";
import { createTidying } from "./tidying.ts";
import { createToolRules } from "./tool-rules.ts";
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
  /** What nobody may read; also what is entered while she runs. */
  readonly knownSecrets?: () => readonly string[];
  /** Before a database with something in it is changed for this program. What it throws keeps the store closed. */
  readonly beforeUpgrade?: ((rows: RowSource) => Promise<void>) | undefined;
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
  readonly followUps: FollowUps;
  readonly acquaintances: Acquaintances;
  readonly explanations: Explanations;
  readonly channels: ChannelSettings;
  readonly notes: Notes;
  readonly secrets: SecretStore;
  readonly components: ComponentStore;
  readonly settings: SettingsStore;
  readonly usage: UsageReports;
  readonly approvals: Approvals;
  readonly toolRules: ToolRules;
  readonly audit: StoredAudit;
  readonly files: FileIndex;
  readonly spokenWords: SpokenWords;
  readonly retention: Retention;
  readonly googleLinks: StoredGoogleLinks;
  readonly locks: StoredLocks;
  readonly ownSkills: OwnSkills;
  readonly mailAccounts: MailAccounts;
  readonly mailRules: MailRules;
  readonly mailDrafts: MailDrafts;
  readonly mails: Mails;
  readonly mailQueue: MailQueue;
  readonly mailAlerts: MailAlertQueue;
  readonly mcpServers: McpServers;
  readonly mcpTools: McpTools;
  readonly mcpSignIns: StoredMcpSignIns;
  readonly summaries: SummaryJobs;
  readonly reminders: Reminders;
  readonly reminderQueue: ReminderQueue;
  readonly schedules: Schedules;
  readonly history: History;
  readonly scheduleQueue: ScheduleQueue;
  readonly memories: MemoryStore;
  readonly sharedFacts: SharedFacts;
  readonly intentions: Intentions;
  readonly episodes: EpisodeStore;
  readonly graph: GraphStore;
  readonly episodeJobs: EpisodeJobs;
  readonly farewells: Farewells;
  readonly receipts: Receipts;
  readonly recall: RecallSource;
  readonly vectors: FactVectors;
  readonly learning: LearnJobs;
  readonly logEntries: LogEntries;
  /** All rows, for a copy. */
  readonly rows: RowSource;
  /** What has to run while the store is open. */
  readonly services: readonly Service[];
  /** One trivial query; rejects when the database does not answer. */
  readonly ping: () => Promise<void>;
  /** What waits, in figures. */
  readonly backlog: () => Promise<Backlog>;
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
