import type { Faults } from "./faults.ts";
import type { Gateway } from "./gateway/gateway.ts";
import type { Journal } from "./journal.ts";
import type { Parts } from "./parts.ts";
import type { Actor } from "./people/actor.ts";
import { GuildHandle } from "./people/guild-handle.ts";
import type { Place } from "./people/place.ts";
import { asRead } from "./people/typed-text.ts";
import { type WaitOptions, waitFor } from "./people/wait.ts";
import type { Message, User } from "./world/model.ts";
import { compareSnowflakes } from "./world/snowflake.ts";
import type { Typing, Unfurled } from "./world/world.ts";

/** A Discord of one's own: people who act, places to look at, and the ways in which it can go wrong. */
export interface FakeDiscord extends AsyncDisposable {
  readonly port: number;
  /** For DISCORD_API_BASE, and for discord.js as `rest: { api: apiBase }`. */
  readonly apiBase: string;
  readonly token: string;
  /** What a program needs in its environment to find this Discord. */
  readonly env: { readonly DISCORD_BOT_TOKEN: string; readonly DISCORD_API_BASE: string };
  /** The bot, as others see it. */
  readonly bot: User;
  /** The server where everybody is; channels, roles and members that it is asked for come into being. */
  readonly guild: GuildHandle;
  readonly general: Place;
  readonly ana: Actor;
  readonly ben: Actor;
  /** Somebody in the default server, made on first use. */
  person(name: string): Actor;
  /** Another bot in the default server, made on first use. */
  otherBot(name: string): Actor;
  /** A further server, with #general and the bot, made on first use. */
  server(name: string): GuildHandle;
  /** A group of people without a server: no bot can be in it. */
  group(name: string, people: readonly Actor[]): Place;
  /** Every message that stands anywhere, oldest first; the ephemeral ones are not among them. */
  messages(): Message[];
  readonly gateway: Gateway;
  readonly faults: Faults;
  readonly journal: Journal;
  /** Who typed where and when, oldest first. */
  readonly typings: readonly Typing[];
  /** Every address that Discord would have fetched for a preview. */
  readonly unfurled: readonly Unfurled[];
  /** A text as people read it: with names for mentions. */
  asRead(text: string): string;
  /** Resolves when a session of the bot has got READY or RESUMED and still has its socket. */
  botIsOnline(options?: WaitOptions): Promise<void>;
  /** Resolves when `holds` does: it is asked again after every request, frame and message. */
  until(holds: () => boolean, what: string, options?: WaitOptions): Promise<void>;
  /** Called after every change of anything; gives the way to stop it. */
  onChange(listener: () => void): () => void;
}

/** Gives the parts a face; `close` ends the server that they answer on. */
export function createFakeDiscord(
  { world, stage, gateway, faults, journal }: Parts,
  { port, token, close }: { port: number; token: string; close: () => Promise<void> },
): FakeDiscord {
  const servers = new Map<string, GuildHandle>();
  const server = (name: string) => {
    const found = servers.get(name) ?? GuildHandle.create(stage, name);
    servers.set(name, found);
    return found;
  };
  const guild = server("Home");
  const apiBase = `http://127.0.0.1:${port}/api`;
  const until = async (holds: () => boolean, what: string, options?: WaitOptions) => {
    const probe = () => holds() || undefined;
    await waitFor(world, probe, () => `it never came to this: ${what}`, options);
  };

  return {
    port,
    apiBase,
    token,
    env: { DISCORD_BOT_TOKEN: token, DISCORD_API_BASE: apiBase },
    bot: world.bot,
    guild,
    general: guild.channel("general"),
    ana: guild.member("ana"),
    ben: guild.member("ben"),
    person: (name) => guild.member(name),
    otherBot: (name) => guild.member(name, { bot: true }),
    server,
    group(name, people) {
      const users = people.map(({ user }) => user);
      return stage.place(world.groupOf(users, name));
    },
    messages: () =>
      [...world.channels.values()]
        .flatMap(({ messages }) => [...messages.values()])
        .sort((a, b) => compareSnowflakes(a.id, b.id)),
    gateway,
    faults,
    journal,
    typings: world.typings,
    unfurled: world.unfurled,
    asRead: (text) => asRead(world, text),
    botIsOnline: (options) => until(() => gateway.isConnected(), "the bot is online", options),
    until,
    onChange: (listener) => world.onChange(listener),
    async [Symbol.asyncDispose]() {
      gateway.stop();
      await close();
    },
  };
}
