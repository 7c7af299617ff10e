import type { EventEmitter } from "node:events";

import {
  Client,
  type ClientOptions,
  Events,
  GatewayIntentBits as I,
  type GuildTextBasedChannel,
  Partials,
} from "discord.js";

import type { FakeDiscord } from "./index.ts";

/** What Clara asks for. */
export const USUAL_INTENTS = [I.Guilds, I.GuildMessages, I.DirectMessages, I.MessageContent];

export interface Connected extends AsyncDisposable {
  readonly client: Client<true>;
}

/** discord.js itself, logged in and ready. It waits for nothing between two logins. */
export async function connect(
  discord: FakeDiscord,
  options: Partial<ClientOptions> = {},
): Promise<Connected> {
  const client = newClient(discord, options);
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.token);
  return { client: await ready, [Symbol.asyncDispose]: () => client.destroy() };
}

/** The client that connect() logs in. */
export function newClient(discord: FakeDiscord, options: Partial<ClientOptions> = {}): Client {
  const { rest, ...others } = options;
  return new Client({
    intents: USUAL_INTENTS,
    partials: [Partials.Channel, Partials.Message, Partials.Reaction],
    ws: { buildIdentifyThrottler: () => ({ waitForIdentify: async () => {} }) },
    rest: { api: discord.apiBase, ...rest },
    ...others,
  });
}

/** The next `count` events of that name, by their first argument. */
export function gather<T>(from: EventEmitter, event: string, count: number): Promise<T[]> {
  const gathered: T[] = [];
  const { promise, resolve } = Promise.withResolvers<T[]>();
  const listener = (first: T) => {
    if (gathered.push(first) < count) return;
    from.off(event, listener);
    resolve(gathered);
  };
  from.on(event, listener);
  return promise;
}

/** A channel or thread that the client knows, to speak in. Throws when it knows none. */
export function channelOf(client: Client, { id }: { readonly id: string }): GuildTextBasedChannel {
  const channel = client.channels.cache.get(id);
  if (!channel?.isTextBased() || channel.isDMBased()) throw new Error(`no text channel ${id}`);
  return channel;
}
