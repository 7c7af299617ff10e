import { setTimeout as sleep } from "node:timers/promises";
import {
  Client,
  GatewayIntentBits,
  Options,
  Partials,
  type RESTOptions,
  SimpleShardingStrategy,
  type WebSocketOptions,
} from "discord.js";
import { GatewayDispatchEvents } from "discord-api-types/v10";
import type { Log } from "../core/log.ts";
import { asError } from "../lib/as-error.ts";

/** Servers that Discord cannot tell of now are not waited for longer; nothing is taken meanwhile. */
const MAX_SERVER_WAIT_MS = 3_000;
/** A goodbye that Discord does not return is not waited for longer. */
const LEAVE_WITHIN_MS = 2_000;

export interface ClientOptions {
  /** False: without the Message Content intent. */
  readonly messageContent: boolean;
  readonly rest: Partial<RESTOptions>;
}

/** discord.js for one login. */
export interface Login {
  readonly client: Client;
  /** Goes offline and stays so. */
  readonly leave: () => Promise<void>;
}

export function createLogin(options: ClientOptions, log: Log): Login {
  let manager: Manager | null = null;
  const client = createClient(options, (given) => {
    manager = given;
    return new SimpleShardingStrategy(given);
  });
  shield(client, log);
  return {
    client,
    async leave() {
      // A shard between two connections goes on to the next, whoever destroyed its client meanwhile. The first thing that
      // it does is to ask for its session; it gets no answer.
      if (manager) manager.options.retrieveSessionInfo = () => new Promise(() => {});
      const destroyed = client.destroy();
      await Promise.race([destroyed, sleep(LEAVE_WITHIN_MS, undefined, { ref: false })]);
    },
  };
}

type BuildStrategy = NonNullable<WebSocketOptions["buildStrategy"]>;
type Manager = Parameters<BuildStrategy>[0];

/** Keeps servers, channels and roles, and nothing that grows with what is said. */
function createClient(
  { messageContent, rest }: ClientOptions,
  buildStrategy: BuildStrategy,
): Client {
  const only = { maxSize: 0, keepOverLimit: isSelf };
  return new Client({
    rest,
    ws: { buildStrategy },
    // As many as Discord recommends; one, unless the bot is in thousands of servers.
    shards: "auto",
    waitGuildTimeout: MAX_SERVER_WAIT_MS,
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.DirectMessages,
      ...(messageContent ? [GatewayIntentBits.MessageContent] : []),
    ],
    // DMs are not told of before somebody writes.
    partials: [Partials.Channel],
    allowedMentions: { parse: [] },
    // Servers, channels and roles are what we look things up in; the rest would grow with everything that is said.
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      ApplicationCommandManager: 0,
      ApplicationEmojiManager: 0,
      AutoModerationRuleManager: 0,
      BaseGuildEmojiManager: 0,
      DMMessageManager: 0,
      EntitlementManager: 0,
      GuildBanManager: 0,
      GuildEmojiManager: 0,
      GuildInviteManager: 0,
      GuildMemberManager: only,
      GuildMessageManager: 0,
      GuildScheduledEventManager: 0,
      GuildStickerManager: 0,
      MessageManager: 0,
      PresenceManager: 0,
      ReactionManager: 0,
      ReactionUserManager: 0,
      StageInstanceManager: 0,
      ThreadMemberManager: 0,
      UserManager: only,
      VoiceStateManager: 0,
    }),
  });
}

const isSelf = ({ id, client }: { id: string; client: Client }): boolean => id === client.user?.id;

/** Events that we read ourselves. */
const OURS: ReadonlySet<string> = new Set([
  GatewayDispatchEvents.MessageCreate,
  GatewayDispatchEvents.MessageUpdate,
  GatewayDispatchEvents.MessageDelete,
  GatewayDispatchEvents.MessageDeleteBulk,
]);

/**
 * discord.js builds objects from events without looking at them first: a field that is missing ends the process. And from
 * each message it would build a message, a user and a member that nobody asks for. It hears of none; of what goes wrong
 * with other events the log hears.
 */
function shield(client: Client, log: Log): void {
  // Private, and there is no other place between the socket and the objects. A test sends what it must withstand.
  const manager = client.ws as unknown as {
    handlePacket: (packet?: { readonly t: string }, shard?: unknown) => boolean;
  };
  const handle = manager.handlePacket.bind(manager);
  manager.handlePacket = (packet, shard) => {
    if (packet && OURS.has(packet.t)) return true;
    try {
      return handle(packet, shard);
    } catch (error) {
      log.warn({ event: packet?.t, error: asError(error) }, "discord-event-unreadable");
      return false;
    }
  };
}
