import { GatewayDispatchEvents } from "discord-api-types/v10";
import type { Approvals, ToolRules } from "../core/approvals.ts";
import type { ComponentStore } from "../core/components.ts";
import type { Announcer } from "../core/announcer.ts";
import type { ChannelPosts } from "../core/channel-posts.ts";
import type { Clock } from "../core/clock.ts";
import type { AttachmentSource } from "../core/files.ts";
import type { Acquaintances, Asker, BudgetsLeft } from "../core/asker.ts";
import type { Explanations } from "../core/explanations.ts";
import type { Farewells } from "../core/farewells.ts";
import type { Fault } from "../core/fault.ts";
import type { FollowUps } from "../core/follow-up.ts";
import type { Backups } from "../core/backup.ts";
import type { OwnSkills } from "../core/own-skills.ts";
import type { GoogleConnection } from "../core/google.ts";
import type { McpDesk } from "../core/mcp-desk.ts";
import type { GuildAccess } from "../core/guild-access.ts";
import type { Log } from "../core/log.ts";
import type { LogChannel } from "../core/log-entries.ts";
import type { Conversation } from "../core/message.ts";
import type { Operators } from "../core/operators.ts";
import type { GraphStore } from "../core/graph.ts";
import type { Intentions } from "../core/intentions.ts";
import type { Outlet, TurnWatcher } from "../core/outlet.ts";
import type { MemoryStore } from "../core/memory.ts";
import type { RecallSource } from "../core/recall.ts";
import type { SharedFacts } from "../core/shared-facts.ts";
import type { ReceiptOutlet, Receipts } from "../core/receipts.ts";
import type { Reminders } from "../core/reminders.ts";
import type { Schedules } from "../core/schedules.ts";
import type { Service } from "../core/service.ts";
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
import { untilAborted } from "../lib/until-aborted.ts";
import { createAnswers } from "./answers.ts";
import { createArrivals } from "./arrivals.ts";
import { createBackFill } from "./back-fill.ts";
import { createChanges } from "./changes.ts";
import type { ClaraInfo } from "./commands/info.ts";
import { registerCommands, toDefinitions } from "./commands/registration.ts";
import type { CommandGroup } from "./commands/define-command.ts";
import type { Menu } from "./commands/define-menu.ts";
import { createConnection, type ConnectionState } from "./connection.ts";
import { isServed, modeOf } from "./gate.ts";
import { createIntake, type ReadTier } from "./intake.ts";
import { createInteractions } from "./interactions.ts";
import { createOpenDm } from "./open-dm.ts";
import { toPort } from "./operators.ts";
import { createLanes } from "./lanes.ts";
import { createLook } from "./look.ts";
import { createReadLines } from "./menus/read-lines.ts";
import { createModes } from "./modes.ts";
import { createNewest } from "./newest.ts";
import type { DiscordOptions } from "./options.ts";
import { createOrders } from "./orders.ts";
import { createPatience } from "./patience.ts";
import { createPlaces } from "./places.ts";
import { createPresence, showPresence, type Troubles } from "./presence.ts";
import { createPreface } from "./preface.ts";
import { sendReleaseNote } from "./release-note.ts";
import { createRefusals } from "./refusals.ts";
import { createSessions } from "./sessions.ts";
import { createSurface, type Surface } from "./surface.ts";
import { createStopPhrase } from "./stop.ts";
import { createTellFull } from "./tell-full.ts";
import { createVisibleChannels } from "./visible-channels.ts";
import { createWorker } from "./worker.ts";

export { createDiscordAnswers } from "./answers.ts";
export type { DiscordOptions } from "./options.ts";

export interface DiscordDeps {
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
  /** People's own Google; null where it is off. */
  readonly google?: GoogleConnection | null;
  /** null: MCP servers are switched off. */
  readonly mcp?: McpDesk | null;
  /** Copies of everything; null where there are none. */
  readonly backups?: Backups | null;
  readonly ownSkills: OwnSkills;
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

export interface Discord {
  readonly service: Service;
  readonly outlet: Outlet;
  readonly receiptOutlet: ReceiptOutlet;
  readonly attachments: AttachmentSource;
  readonly announcer: Announcer;
  readonly access: GuildAccess;
  readonly posts: ChannelPosts;
  readonly operators: Operators;
  readonly logChannel: LogChannel | null;
  readonly watch: TurnWatcher;
  readonly state: () => ConnectionState;
  /** What people can run, open and press. */
  readonly surface: Surface;
}

/** The front door: hears what is said, decides who gets an answer, and answers. Nothing happens before the service runs. */
export function createDiscord(deps: DiscordDeps, options: DiscordOptions): Discord {
  const { log, fault, inbox } = deps;
  const rules = { ...options };
  const self = () => {
    const user = connection.client().user;
    if (!user) throw new Error("Discord has not said yet who we are");
    return { userId: user.id, name: options.botName };
  };
  const answers = createAnswers(deps, options, () => self().userId);
  const { rest, typing, outlet, operators } = answers;
  const modes = createModes(deps);
  const places = createPlaces(() => connection.client());
  const look = createLook({ places, rules, modes: modes.all, self, clock: deps.clock });
  const patience = createPatience({ inbox, log });
  const preface = createPreface({ rest, look, log });
  const refusals = createRefusals(deps, options);
  const stop = createStopPhrase({ ...deps, rest });
  const { maxOpen } = options;
  const tellFull = createTellFull({ ...deps, rest });
  const intake = createIntake({
    ...deps,
    outlet,
    patience,
    preface,
    refusals,
    stop,
    maxOpen,
    tellFull,
  });
  const changes = createChanges({ ...deps, patience });
  const backFill = createBackFill({ ...deps, look, intake, rest });
  const lanes = createLanes({
    ...deps,
    work: createWorker({ look, places, intake, changes, backFill, log }),
  });
  const arrive = createArrivals({ lanes, look, typing, refusals, fault, log });
  const ended = new AbortController();
  const newest = createNewest();
  const served = (place: Conversation) => isServed(rules, modeOf(modes.all(), place), place);
  const orders = createOrders({ ...deps, places, isServed: served });
  const surface = createSurface(deps, options, {
    client: () => connection.client(),
    rest,
    modes,
    places,
    answers,
    menu: {
      selfId: () => self().userId,
      lines: createReadLines({ rest, places, self }),
      visible: createVisibleChannels(() => connection.client(), newest),
      isServed: served,
    },
  });
  const openDm = createOpenDm(rest);
  const interact = createInteractions({
    ...deps,
    ...options,
    ...surface,
    rules,
    isOperator: operators.isOperator,
    openDm,
  });
  const presence = createPresence({ ...deps, show: showPresence(() => connection.client()) });
  const sessions = createSessions({ log, fault, orders, lanes });

  const connection = createConnection(
    {
      ...deps,
      onDispatch(packet, shardId) {
        if (packet.t === GatewayDispatchEvents.Ready) sessions.begin(shardId);
        newest.note(packet);
        arrive(packet);
      },
      onNewSession(shardId) {
        sessions.ready(shardId, ended.signal);
        presence.forget();
        void presence.check();
      },
      onResumed(shardId) {
        log.info({ shardId }, "discord-session-resumed");
        fault("gateway.resumed");
      },
      onInteraction: (interaction) => void interact(interaction, ended.signal),
    },
    { ...options, rest: answers.restOptions },
  );

  async function run(signal: AbortSignal): Promise<void> {
    if (!options.messageContent) log.info({}, "discord-mentions-only");
    await modes.load();
    for (const { conversation } of await inbox.watermarks("discord")) preface.know(conversation.id);
    const any = AbortSignal.any([signal, ended.signal]);
    const registering = registerWhenReady(any);
    const refreshing = Promise.all([modes.run(any), presence.run(any)]);
    const connected = connection.run(any);
    try {
      await Promise.race([answers.refused, connected]);
    } finally {
      ended.abort();
      await connected.catch(() => {}); // Thrown above.
      await lanes.close();
      await Promise.all([intake.settle(), refusals.close(), registering, refreshing]);
    }
  }

  async function registerWhenReady(signal: AbortSignal): Promise<void> {
    const applicationId = await Promise.race([connection.applicationId, untilAborted(signal)]);
    if (applicationId === undefined) return;
    const { version } = deps.info();
    await Promise.all([
      registerCommands(
        { ...deps, rest },
        applicationId,
        toDefinitions(surface.groups, surface.menus),
        signal,
      ),
      sendReleaseNote({ ...deps, ...options, rest, openDm, operators, version }, signal),
    ]);
  }

  return {
    service: { name: "discord", run },
    outlet,
    receiptOutlet: answers.receiptOutlet,
    attachments: answers.attachments,
    announcer: answers.announcer,
    access: answers.access,
    posts: answers.posts,
    operators: toPort(operators),
    logChannel: answers.logChannel,
    watch: answers.watch,
    state: connection.state,
    surface,
  };
}
