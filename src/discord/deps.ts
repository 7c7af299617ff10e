import type { OtherRooms } from "./other-rooms.ts";
import type { AccessTokens } from "../core/access-tokens.ts";
import type { Approvals, ToolRules } from "../core/approvals.ts";
import type { ComponentStore } from "../core/components.ts";
import type { Clock } from "../core/clock.ts";
import type { Acquaintances, Asker, BudgetsLeft } from "../core/asker.ts";
import type { Explanations } from "../core/explanations.ts";
import type { Farewells } from "../core/farewells.ts";
import type { Fault } from "../core/fault.ts";
import type { FollowUps } from "../core/follow-up.ts";
import type { OwnSkills } from "../core/own-skills.ts";
import type { McpQuestions } from "../core/mcp-questions.ts";
import type { Log } from "../core/log.ts";
import type { GraphStore } from "../core/graph.ts";
import type { Intentions } from "../core/intentions.ts";
import type { MemoryStore } from "../core/memory.ts";
import type { RecallSource } from "../core/recall.ts";
import type { SharedFacts } from "../core/shared-facts.ts";
import type { Receipts } from "../core/receipts.ts";
import type { Reminders } from "../core/reminders.ts";
import type { Schedules } from "../core/schedules.ts";
import type { SettingsStore } from "../core/settings.ts";
import type { Setup } from "../core/setup.ts";
import type { ToolFacts } from "../core/tool.ts";
import type { UsageReports } from "../core/usage-report.ts";
import type { OwnSettings } from "../agent/own-settings.ts";
import type { Tier } from "../core/model.ts";
import type {
  ChannelSettings,
  GateLog,
  Inbox,
  Notes,
  Outbox,
  Transcript,
  TurnStore,
} from "../core/stores.ts";
import type { ClaraInfo } from "./commands/info.ts";
import type { CommandGroup } from "./commands/define-command.ts";
import type { Menu } from "./commands/define-menu.ts";
import type { ReadTier } from "./intake.ts";
import type { Troubles } from "./presence.ts";

/** What the front door needs of the house. */
export interface DiscordDeps extends OtherRooms {
  readonly inbox: Inbox;
  readonly turns: Pick<TurnStore, "cancel" | "openTurn">;
  readonly outbox: Pick<Outbox, "sent">;
  readonly gateLog: Pick<GateLog, "record" | "about">;
  readonly followUps: FollowUps;
  readonly explanations: Explanations;
  readonly acquaintances: Acquaintances;
  readonly transcript: Pick<Transcript, "recent">;
  readonly asker: Asker;
  readonly budgetsLeft: BudgetsLeft;
  readonly channels: ChannelSettings;
  readonly notes: Notes;
  readonly components: ComponentStore;
  readonly approvals: Pick<Approvals, "decide" | "revokeGrants">;
  readonly toolRules: ToolRules;
  /** What tools there are, wherever they run. */
  readonly tools: () => readonly ToolFacts[];
  readonly setup: Setup;
  readonly ownSkills: OwnSkills;
  readonly accessTokens: Pick<AccessTokens, "add" | "list" | "remove">;
  readonly mcpQuestions: Pick<McpQuestions, "look" | "answer">;
  readonly settings: SettingsStore;
  readonly ownSettings: Pick<OwnSettings, "changed">;
  readonly usage: UsageReports;
  /** Which tier answers where nobody has set one. */
  readonly defaults: () => { readonly tier: Tier; readonly autoTier: boolean };
  /** IANA name: where the day of a budget begins. */
  readonly timeZone: string;
  /** Commands of other rooms. */
  readonly groups?: readonly CommandGroup[];
  readonly menus?: readonly Menu[];
  /** Short, random, never the same twice. */
  readonly createControlId: () => string;
  readonly memories: MemoryStore;
  readonly sharedFacts: SharedFacts;
  readonly intentions: Pick<Intentions, "list" | "cancel">;
  readonly graph: Pick<GraphStore, "list" | "remove">;
  readonly farewells: Farewells;
  readonly recall: Pick<RecallSource, "noted" | "facts">;
  readonly receipts: Pick<Receipts, "of" | "undo">;
  readonly reminders: Reminders;
  readonly schedules: Schedules;
  /** A reminder was set or put off. */
  readonly pokeReminders: () => void;
  readonly clock: Clock;
  /** Takes secrets out of whatever is sent; see RestDeps. */
  readonly cleanText?: (text: string) => string;
  /** 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
  readonly fault: Fault;
  /** What a person asked for with `!high` and the like, and the message without it. */
  readonly readTier: ReadTier;
  readonly info: () => ClaraInfo;
  /** Tells whoever runs turns that some were just cancelled or begun anew. */
  readonly poke: () => void;
  /** What everybody may read in her status when something does not work. */
  readonly troubles: Troubles;
  /** The text of CHANGELOG.md; null when there is none. */
  readonly changelog: () => Promise<string | null>;
}
