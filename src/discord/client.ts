import { Client, GatewayIntentBits, Options, Partials, type RESTOptions } from "discord.js";
import { GatewayDispatchEvents } from "discord-api-types/v10";
import type { Log } from "../core/log.ts";
import { asError } from "../lib/as-error.ts";

/** Servers that Discord cannot tell of now are not waited for longer; nothing is taken meanwhile. */
const MAX_SERVER_WAIT_MS = 3_000;

export interface ClientOptions {
  /** False: without the Message Content intent. */
  readonly messageContent: boolean;
  readonly rest: Partial<RESTOptions>;
}

/** discord.js for one login: keeps servers, channels and roles, and nothing that grows with what is said. */
export function createClient({ messageContent, rest }: ClientOptions, log: Log): Client {
  const only = { maxSize: 0, keepOverLimit: isSelf };
  const client = new Client({
    rest,
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
  shield(client, log);
  return client;
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
