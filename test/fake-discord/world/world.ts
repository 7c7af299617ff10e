import { createHash, randomBytes } from "node:crypto";

import { ChannelType } from "discord-api-types/v10";

import { pushBounded, setBounded } from "./bounded.ts";
import { unknownChannel, unknownGuild, unknownMessage, unknownUser } from "./errors.ts";
import type {
  Application,
  Channel,
  Command,
  Guild,
  JsonObject,
  Message,
  Snowflake,
  Upload,
  User,
} from "./model.ts";
import { createSnowflakes } from "./snowflake.ts";

const BOT_ID = "1100000000000000001";
const MAX_NONCES = 50_000;
const MAX_EPHEMERAL = 10_000;
const MAX_NOTES = 10_000;

/** One thing that happened, before the gateway decides who may hear of it. */
export interface Dispatch {
  readonly t: string;
  readonly d: JsonObject;
  readonly guildId: Snowflake | null;
  /** Set when only those who can see the channel may hear of it. */
  readonly channelId?: Snowflake;
}

export interface Typing {
  readonly userId: Snowflake;
  readonly channelId: Snowflake;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface Unfurled {
  readonly url: string;
  readonly messageId: Snowflake;
  readonly authorId: Snowflake;
}

export interface WorldOptions {
  readonly now: () => number;
  readonly seed: number;
  /** Where files are served: `http://127.0.0.1:8123`. */
  readonly cdnBase: string;
  readonly botName: string;
  readonly attachmentLifetimeMs: number;
  readonly nonceWindowMs: number;
  /** Switched off in the developer portal: identifying with it is refused, REST shows no content. */
  readonly messageContentAllowed: boolean;
}

/** Everything that exists, and the one place from which changes are announced. */
export class World {
  readonly options: WorldOptions;
  readonly nextId: () => Snowflake;
  readonly application: Application;
  readonly bot: User;
  readonly users = new Map<Snowflake, User>();
  readonly guilds = new Map<Snowflake, Guild>();
  readonly channels = new Map<Snowflake, Channel>();
  /** Answers that only one person sees; they are in no channel's history. */
  readonly ephemeral = new Map<Snowflake, Message>();
  readonly uploads = new Map<Snowflake, Upload>();
  /** Who installed the app on the own account. */
  readonly userInstalls = new Set<Snowflake>();
  /** By guild id, or "global". */
  readonly commands = new Map<string, Map<Snowflake, Command>>();
  /** Who typed where, oldest first; of the very many, the newest. */
  readonly typings: Typing[] = [];
  /** The http(s) addresses that Discord would have fetched to show a preview; of the very many, the newest. */
  readonly unfurled: Unfurled[] = [];
  readonly #dispatchListeners = new Set<(dispatch: Dispatch) => void>();
  readonly #changeListeners = new Set<() => void>();
  readonly #nonces = new Map<string, { readonly message: Message; readonly at: number }>();

  constructor(options: WorldOptions) {
    this.options = options;
    this.nextId = createSnowflakes(options.now);
    const publicKey = createHash("sha256").update(`key:${options.seed}`).digest("hex");
    this.application = { id: BOT_ID, name: options.botName, publicKey };
    this.bot = this.addUser(options.botName, { id: BOT_ID, bot: true });
  }

  now(): number {
    return this.options.now();
  }

  addUser(username: string, given: { readonly id?: Snowflake; readonly bot?: boolean } = {}): User {
    const id = given.id ?? this.nextId();
    const user: User = { id, username, bot: given.bot ?? false, dmsClosed: false };
    this.users.set(id, user);
    return user;
  }

  user(id: Snowflake): User {
    const user = this.users.get(id);
    if (!user) throw unknownUser();
    return user;
  }

  guild(id: Snowflake): Guild {
    const guild = this.guilds.get(id);
    if (!guild) throw unknownGuild();
    return guild;
  }

  channel(id: Snowflake): Channel {
    const channel = this.channels.get(id);
    if (!channel) throw unknownChannel();
    return channel;
  }

  message(channelId: Snowflake, id: Snowflake): Message {
    const message = this.channel(channelId).messages.get(id);
    if (!message || message.deletedAt !== null) throw unknownMessage();
    return message;
  }

  channelsOf(guildId: Snowflake): Channel[] {
    return [...this.channels.values()].filter((channel) => channel.guildId === guildId);
  }

  /** The DM channel between two people, opened on first use. */
  dmBetween(one: User, other: User): Channel {
    const found = [...this.channels.values()].find(
      ({ type, recipients }) =>
        type === ChannelType.DM && recipients.includes(one) && recipients.includes(other),
    );
    if (found) return found;
    const channel = newChannel({
      id: this.nextId(),
      type: ChannelType.DM,
      guildId: null,
      name: "",
      createdAt: this.now(),
      recipients: [one, other],
    });
    this.channels.set(channel.id, channel);
    return channel;
  }

  /** A group without a server; no bot can be in one. */
  groupOf(people: readonly User[], name: string): Channel {
    const id = this.nextId();
    const channel = newChannel({
      id,
      type: ChannelType.GroupDM,
      guildId: null,
      name,
      createdAt: this.now(),
      recipients: people,
    });
    this.channels.set(id, channel);
    return channel;
  }

  commandsIn(scope: string): Map<Snowflake, Command> {
    const found = this.commands.get(scope) ?? new Map<Snowflake, Command>();
    this.commands.set(scope, found);
    return found;
  }

  /** The message first sent with this nonce, while Discord still remembers it. */
  rememberedNonce(authorId: Snowflake, nonce: string | number): Message | undefined {
    const found = this.#nonces.get(`${authorId}:${nonce}`);
    const isFresh = found && this.now() - found.at < this.options.nonceWindowMs;
    return isFresh ? found.message : undefined;
  }

  rememberNonce(message: Message): void {
    if (message.nonce === null) return;
    const key = `${message.author.id}:${message.nonce}`;
    setBounded(this.#nonces, key, { message, at: this.now() }, MAX_NONCES);
  }

  keepEphemeral(message: Message): void {
    setBounded(this.ephemeral, message.id, message, MAX_EPHEMERAL);
  }

  noteTyping(userId: Snowflake, channelId: Snowflake): void {
    pushBounded(this.typings, { userId, channelId, at: this.now() }, MAX_NOTES);
  }

  noteUnfurl({ id, author }: Message, url: string): void {
    pushBounded(this.unfurled, { url, messageId: id, authorId: author.id }, MAX_NOTES);
  }

  /** Announces something that Discord tells its clients. */
  emit(dispatch: Dispatch): void {
    for (const listener of this.#dispatchListeners) listener(dispatch);
    this.changed();
  }

  /** Announces something that only the people in the room can see: wakes those who wait. */
  changed(): void {
    for (const listener of this.#changeListeners) listener();
  }

  onDispatch(listener: (dispatch: Dispatch) => void): () => void {
    this.#dispatchListeners.add(listener);
    return () => this.#dispatchListeners.delete(listener);
  }

  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }
}

type NewChannel = Pick<Channel, "id" | "type" | "guildId" | "name" | "createdAt"> &
  Partial<Channel>;

export function newChannel(given: NewChannel): Channel {
  return {
    overwrites: new Map(),
    recipients: [],
    thread: null,
    messages: new Map(),
    topic: null,
    position: 0,
    nsfw: false,
    slowmodeSeconds: 0,
    parentId: null,
    tags: [],
    appliedTagIds: [],
    lastPinAt: null,
    lastMessageId: null,
    ...given,
  };
}

export function newToken(bytes = 32): string {
  return randomBytes(bytes).toString("base64url");
}
