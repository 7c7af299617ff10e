import { GatewayDispatchEvents } from "discord-api-types/v10";
import type { Announcer } from "../core/announcer.ts";
import type { ChannelPosts } from "../core/channel-posts.ts";
import type { Clock } from "../core/clock.ts";
import type { Fault } from "../core/fault.ts";
import type { GuildAccess } from "../core/guild-access.ts";
import type { Log } from "../core/log.ts";
import type { Outlet } from "../core/outlet.ts";
import type { Reminders } from "../core/reminders.ts";
import type { Schedules } from "../core/schedules.ts";
import type { Service } from "../core/service.ts";
import type { ChannelSettings, GateLog, Inbox, Notes, Outbox, TurnStore } from "../core/stores.ts";
import { loadCalendar } from "../lib/calendar.ts";
import { untilAborted } from "../lib/until-aborted.ts";
import { createAnswers } from "./answers.ts";
import { createArrivals } from "./arrivals.ts";
import { createBackFill } from "./back-fill.ts";
import { createChanges } from "./changes.ts";
import { channel } from "./commands/channel.ts";
import { help } from "./commands/help.ts";
import { info, type ClaraInfo } from "./commands/info.ts";
import { registerCommands, toDefinition } from "./commands/registration.ts";
import { createRemindPress } from "./commands/remind-press.ts";
import { createSchedulePress } from "./commands/schedule-press.ts";
import { createConnection, type ConnectionState } from "./connection.ts";
import { isServed, modeOf } from "./gate.ts";
import { createIntake, type ReadTier } from "./intake.ts";
import { createInteractions } from "./interactions.ts";
import { createLanes } from "./lanes.ts";
import { createLook } from "./look.ts";
import { createModes } from "./modes.ts";
import type { DiscordOptions } from "./options.ts";
import { createOrders } from "./orders.ts";
import { createPatience } from "./patience.ts";
import { createPlaces } from "./places.ts";
import { createPreface } from "./preface.ts";
import { createRefusals } from "./refusals.ts";
import { createSessions } from "./sessions.ts";
import { createStopPhrase } from "./stop.ts";
import { createWorker } from "./worker.ts";

export { createDiscordAnswers } from "./answers.ts";
export type { DiscordOptions } from "./options.ts";

export interface DiscordDeps {
  readonly inbox: Inbox;
  readonly turns: Pick<TurnStore, "cancel" | "openTurn">;
  readonly outbox: Pick<Outbox, "sent">;
  readonly gateLog: Pick<GateLog, "record">;
  readonly channels: ChannelSettings;
  readonly notes: Notes;
  readonly reminders: Reminders;
  readonly schedules: Schedules;
  /** A reminder was set or put off. */
  readonly pokeReminders: () => void;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
  readonly fault: Fault;
  /** What a person asked for with `!high` and the like, and the message without it. */
  readonly readTier: ReadTier;
  readonly info: () => ClaraInfo;
  /** Tells whoever runs turns that some were just cancelled or begun anew. */
  readonly poke: () => void;
}

export interface Discord {
  readonly service: Service;
  readonly outlet: Outlet;
  readonly announcer: Announcer;
  readonly access: GuildAccess;
  readonly posts: ChannelPosts;
  readonly state: () => ConnectionState;
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
  const { rest, typing, outlet } = answers;
  const modes = createModes(deps);
  const places = createPlaces(() => connection.client());
  const look = createLook({ places, rules, modes: modes.all, self, clock: deps.clock });
  const patience = createPatience({ inbox, log });
  const preface = createPreface({ rest, look, log });
  const refusals = createRefusals(deps);
  const stop = createStopPhrase({ ...deps, rest });
  const intake = createIntake({ ...deps, outlet, patience, preface, refusals, stop });
  const changes = createChanges({ ...deps, patience });
  const backFill = createBackFill({ ...deps, look, intake, rest });
  const lanes = createLanes({
    ...deps,
    work: createWorker({ look, places, intake, changes, backFill, log }),
  });
  const arrive = createArrivals({ lanes, look, typing, refusals, fault, log });
  const commands = [
    help(options),
    info({
      ...deps,
      ...options,
      startedAt: deps.clock.now(),
      pingMs: () => connection.client().ws.ping,
    }),
    channel({ modes, places }),
  ];
  const ended = new AbortController();
  const presses = [
    createRemindPress({ ...deps, calendar: loadCalendar, poke: deps.pokeReminders }),
    createSchedulePress(deps),
  ];
  const interact = createInteractions({ ...deps, ...options, commands, rules, presses });
  const orders = createOrders({
    ...deps,
    places,
    isServed: (place) => isServed(rules, modeOf(modes.all(), place), place),
  });
  const sessions = createSessions({ log, fault, orders, lanes });

  const connection = createConnection(
    {
      ...deps,
      onDispatch(packet, shardId) {
        if (packet.t === GatewayDispatchEvents.Ready) sessions.begin(shardId);
        arrive(packet);
      },
      onNewSession: (shardId) => sessions.ready(shardId, ended.signal),
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
    const refreshing = modes.run(any);
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
    if (applicationId !== undefined)
      await registerCommands({ ...deps, rest }, applicationId, toDefinition(commands), signal);
  }

  const { announcer, access, posts } = answers;
  return {
    service: { name: "discord", run },
    outlet,
    announcer,
    access,
    posts,
    state: connection.state,
  };
}
