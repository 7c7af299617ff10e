import { GatewayDispatchEvents } from "discord-api-types/v10";
import type { Announcer } from "../core/announcer.ts";
import type { ChannelPosts } from "../core/channel-posts.ts";
import type { AttachmentSource } from "../core/files.ts";
import type { GuildAccess } from "../core/guild-access.ts";
import type { LogChannel } from "../core/log-entries.ts";
import type { Conversation } from "../core/message.ts";
import type { Operators } from "../core/operators.ts";
import type { Outlet, TurnWatcher } from "../core/outlet.ts";
import type { ReceiptOutlet } from "../core/receipts.ts";
import type { Service } from "../core/service.ts";
import { untilAborted } from "../lib/until-aborted.ts";
import { createAnswers } from "./answers.ts";
import { createArrivals } from "./arrivals.ts";
import { createBackFill } from "./back-fill.ts";
import { createChanges } from "./changes.ts";
import { registerCommands, toDefinitions } from "./commands/registration.ts";
import { createConnection, type ConnectionState } from "./connection.ts";
import { isServed, modeOf } from "./gate.ts";
import { createIntake } from "./intake.ts";
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
import { createPresence, showPresence } from "./presence.ts";
import { createPreface } from "./preface.ts";
import { sendReleaseNote } from "./release-note.ts";
import { createRefusals } from "./refusals.ts";
import { createSessions } from "./sessions.ts";
import { createSurface, type Surface } from "./surface.ts";
import { createStopPhrase } from "./stop.ts";
import { createTellFull } from "./tell-full.ts";
import { createVisibleChannels } from "./visible-channels.ts";
import { createWorker } from "./worker.ts";
import type { DiscordDeps } from "./deps.ts";

export { createDiscordAnswers } from "./answers.ts";
export type { DiscordDeps } from "./deps.ts";
export type { DiscordOptions } from "./options.ts";

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
