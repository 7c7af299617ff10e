import type { GatewayDispatchPayload, Interaction } from "discord.js";
import { type Client, Events } from "discord.js";
import { GatewayCloseCodes } from "discord-api-types/v10";
import type { Log } from "../core/log.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";
import { untilAborted } from "../lib/until-aborted.ts";
import { WrongSettings } from "../lib/wrong-settings.ts";
import { type ClientOptions, createLogin } from "./client.ts";
import type { Snowflake } from "./snowflake.ts";

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;

export interface ConnectionOptions extends ClientOptions {
  readonly token: string;
}

export interface ConnectionDeps {
  readonly onDispatch: (packet: GatewayDispatchPayload, shardId: number) => void;
  readonly onInteraction: (interaction: Interaction) => void;
  /** A shard has a new session and knows its servers: what was said meanwhile was not told. */
  readonly onNewSession: (shardId: number) => void;
  /** A shard has its session back, and was told what it missed. */
  readonly onResumed: (shardId: number) => void;
  readonly random: () => number;
  readonly log: Log;
}

export type ConnectionState = "connecting" | "ready" | "stopped";

export interface Connection {
  /** The present one: a failed login needs a new client. */
  readonly client: () => Client;
  readonly state: () => ConnectionState;
  /** Resolves when Discord has said who we are. */
  readonly applicationId: Promise<Snowflake>;
  /** Connects, again and again while Discord is away, until the signal. Rejects with what to do when Discord says no for good. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

export function createConnection(deps: ConnectionDeps, options: ConnectionOptions): Connection {
  let login = createLogin(options, deps.log);
  let state: ConnectionState = "connecting";
  const known = Promise.withResolvers<Snowflake>();

  async function connect(signal: AbortSignal): Promise<void> {
    const { client, leave } = login;
    const ended = new Promise<never>((_, reject) =>
      attach(client, deps, reject, (now) => (state = now)),
    );
    ended.catch(() => {}); // Raced below.
    client.once(Events.ClientReady, ({ application }) => known.resolve(application.id));
    try {
      await Promise.race([client.login(options.token), ended, untilAborted(signal)]);
      await Promise.race([ended, untilAborted(signal)]);
    } finally {
      state = signal.aborted ? "stopped" : "connecting";
      client.removeAllListeners(Events.Raw);
      await leave();
    }
  }

  return {
    client: () => login.client,
    state: () => state,
    applicationId: known.promise,
    async run(signal) {
      for (
        let pauseMs = FIRST_PAUSE_MS;
        !signal.aborted;
        pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)
      ) {
        try {
          await connect(signal);
        } catch (error) {
          const refusal = refusalOf(error);
          if (refusal) {
            state = "stopped";
            throw new refusal.kind(refusal.words, { cause: error });
          }
          deps.log.warn({ pauseMs, error: asError(error) }, "discord-login-failed");
        }
        if (signal.aborted) return;
        await pause(pauseMs * (0.75 + deps.random() / 4), signal);
        login = createLogin(options, deps.log);
      }
    },
  };
}

function attach(
  client: Client,
  deps: ConnectionDeps,
  fail: (error: Error) => void,
  become: (state: ConnectionState) => void,
): void {
  client.on(Events.Raw, (packet: GatewayDispatchPayload, shardId: number) => {
    try {
      deps.onDispatch(packet, shardId);
    } catch (error) {
      // Thrown on, it would end the process from within discord.js.
      deps.log.error({ event: packet.t, error: asError(error) }, "discord-event-failed");
    }
  });
  client.on(Events.InteractionCreate, (interaction) => deps.onInteraction(interaction));
  client.on(Events.ShardReady, (shardId) => {
    become("ready");
    deps.onNewSession(shardId);
  });
  client.on(Events.ShardResume, (shardId) => {
    become("ready");
    deps.onResumed(shardId);
  });
  client.on(Events.ShardReconnecting, () => become("connecting"));
  client.on(Events.ShardDisconnect, ({ code }) => fail(new GatewayClosed(code)));
  client.on(Events.ShardError, (error, shardId) =>
    deps.log.warn({ shardId, error: asError(error) }, "discord-connection-trouble"),
  );
  client.on(Events.Error, (error) => deps.log.warn({ error: asError(error) }, "discord-trouble"));
}

/** Discord closed the connection and wants no other. */
class GatewayClosed extends Error {
  override readonly name = "GatewayClosed";
  readonly code: number;

  constructor(code: number) {
    super(`Discord closed the gateway with ${code}`);
    this.code = code;
  }
}

/** What whoever runs her can do, and whether a setting is to be changed; null when trying again may help. */
function refusalOf(
  error: unknown,
): { readonly kind: typeof Error | typeof WrongSettings; readonly words: string } | null {
  const code = error instanceof Error && "code" in error ? error.code : null;
  switch (code) {
    case "TokenInvalid":
    case GatewayCloseCodes.AuthenticationFailed:
      return {
        kind: WrongSettings,
        words:
          "Discord does not accept DISCORD_BOT_TOKEN. Reset the token at https://discord.com/developers/applications and set the new one.",
      };
    case GatewayCloseCodes.DisallowedIntents:
      return {
        kind: WrongSettings,
        words:
          "Discord does not give this bot the Message Content intent. Switch it on under Bot at https://discord.com/developers/applications, or set DISCORD_MESSAGE_CONTENT=off to answer mentions, replies and DMs only.",
      };
    case GatewayCloseCodes.InvalidIntents:
      return {
        kind: Error,
        words:
          "Discord does not know one of the intents that this version asks for. Is there a newer version of Clara?",
      };
    case GatewayCloseCodes.ShardingRequired:
    case GatewayCloseCodes.InvalidShard:
      return {
        kind: Error,
        words:
          "Discord wants this bot on other shards than it recommended at the start. Start Clara again.",
      };
    case GatewayCloseCodes.InvalidAPIVersion:
      return {
        kind: Error,
        words:
          "Discord no longer speaks the version of its API that this program uses. Upgrade Clara.",
      };
    default:
      return null;
  }
}
