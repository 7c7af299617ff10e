import type { Approvals, ToolRules } from "../core/approvals.ts";
import type { RowSource } from "../core/backup.ts";
import type { ComponentStore } from "../core/components.ts";
import type { History } from "../core/history.ts";
import type { MemoryStore } from "../core/memory.ts";
import type { FactVectors, RecallSource } from "../core/recall.ts";
import type { Farewells } from "../core/farewells.ts";
import type { FileIndex } from "../core/files.ts";
import type { EpisodeStore } from "../core/episodes.ts";
import type { GraphStore } from "../core/graph.ts";
import type { Intentions } from "../core/intentions.ts";
import type { SharedFacts } from "../core/shared-facts.ts";
import type { MailAccounts } from "../core/mail.ts";
import type { MailDrafts } from "../core/mail-drafts.ts";
import type { MailAlertQueue, MailQueue, Mails } from "../core/mail-queue.ts";
import type { MailRules } from "../core/mail-rules.ts";
import type { McpServers, McpTools } from "../core/mcp.ts";
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
import type { StoredAudit } from "./audit.ts";
import type { FollowUps } from "../core/follow-up.ts";
import type { Explanations } from "../core/explanations.ts";
import type { Acquaintances } from "../core/asker.ts";
import type { StoredGateLog } from "./gate-log.ts";
import type { StoredGoogleLinks } from "./google-links.ts";
import type { OwnSkills } from "../core/own-skills.ts";
import type { StoredLocks } from "./locks.ts";
import type { StoredAccessTokens } from "./access-tokens.ts";
import type { StoredMcpQuestions } from "./mcp-questions.ts";
import type { StoredMcpSignIns } from "./mcp-sign-ins.ts";
import type { EpisodeJobs } from "./queue/episode-jobs.ts";
import type { LearnJobs } from "./queue/learn-jobs.ts";
import type { SummaryJobs } from "./queue/summary-jobs.ts";
import type { StoredSecrets } from "./secrets.ts";
import type { Retention } from "./retention.ts";

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
  readonly secrets: StoredSecrets;
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
  readonly mcpQuestions: StoredMcpQuestions;
  readonly accessTokens: StoredAccessTokens;
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
