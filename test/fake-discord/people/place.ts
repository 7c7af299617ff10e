import { EmbedType, MessageFlags, MessageType } from "discord-api-types/v10";

import { addMessage } from "../world/add-message.ts";
import { announceUpdate } from "../world/announce.ts";
import { removeChannel, setOverwrite } from "../world/channels.ts";
import type { Channel, Message, Overwrite, Snowflake, User } from "../world/model.ts";
import { type PermissionName, bits, permissionsIn } from "../world/permissions.ts";
import { compareSnowflakes } from "../world/snowflake.ts";
import { setArchived } from "../world/threads.ts";
import type { Actor } from "./actor.ts";
import type { Stage } from "./stage.ts";
import { type SettleOptions, type WaitOptions, waitFor, waitUntilSettled } from "./wait.ts";

const TYPING_MS = 10_000;

export interface ReplyOptions extends SettleOptions {
  /** Waits on until this holds, too: for instance until no button says "Stop". */
  readonly until?: (message: Message) => boolean;
}

export interface Target {
  readonly id: Snowflake;
}

/** A channel, thread or DM as a test looks at it. Messages are live: an edit shows in what one holds. */
export class Place {
  readonly channel: Channel;
  readonly #stage: Stage;

  constructor(stage: Stage, channel: Channel) {
    this.#stage = stage;
    this.channel = channel;
  }

  get id(): Snowflake {
    return this.channel.id;
  }

  /** All that stands there for everybody, oldest first. */
  messages(): Message[] {
    return [...this.channel.messages.values()];
  }

  /** As messages(), with what only this person sees. */
  seenBy(person: Actor): Message[] {
    const own = [...this.#stage.world.ephemeral.values()].filter(
      ({ channelId, onlyFor }) => channelId === this.id && onlyFor === person.id,
    );
    return [...this.messages(), ...own].sort((a, b) => compareSnowflakes(a.id, b.id));
  }

  /** What the bot said here, oldest first; `after` a message when given. */
  fromBot(after?: Message): Message[] {
    const { bot } = this.#stage.world;
    return this.messages().filter(
      ({ author, id }) => author === bot && (!after || compareSnowflakes(id, after.id) > 0),
    );
  }

  /** The first message, there or to come, that fits. */
  waitFor(fits: (message: Message) => boolean, options?: WaitOptions): Promise<Message> {
    const find = () => this.messages().find(fits);
    const describe = () => `no such message in ${this.#described()}`;
    return waitFor(this.#stage.world, find, describe, options);
  }

  /** The bot's answer to a message, once it no longer changes. */
  async reply(to: Message, options: ReplyOptions = {}): Promise<Message> {
    const [first] = await this.replies(to, options);
    if (!first) throw new Error("unreachable: replies() gives at least one");
    return first;
  }

  /** All parts of the bot's answer, once none changes and none is added. */
  replies(to: Message, { until = () => true, ...options }: ReplyOptions = {}): Promise<Message[]> {
    const find = () => {
      const answers = this.fromBot(to).filter(isSaid);
      const first = answers.find(({ replyTo }) => replyTo === to.id) ?? answers[0];
      const isWhole = first && !(first.flags & MessageFlags.Loading) && until(first);
      return isWhole ? answers.slice(answers.indexOf(first)) : undefined;
    };
    const describe = () => `no finished reply to "${to.content}" in ${this.#described()}`;
    return waitUntilSettled(this.#stage.world, find, fingerprint, describe, options);
  }

  /** When the bot showed that it types here, in epoch milliseconds, from `at` on. */
  typingSince(at = 0): number[] {
    const { typings, bot } = this.#stage.world;
    return typings
      .filter(({ userId, channelId }) => userId === bot.id && channelId === this.id)
      .map((typing) => typing.at)
      .filter((when) => when >= at);
  }

  /** Who is shown as typing here: ten seconds after the sign it fades, and a message ends it at once. */
  typers(): string[] {
    const { world } = this.#stage;
    const lastWords = new Map(
      this.messages().map(({ author, createdAt }) => [author.id, createdAt]),
    );
    const fresh = world.typings
      .filter(({ channelId, at }) => channelId === this.id && at > world.now() - TYPING_MS)
      .filter(({ userId, at }) => at > (lastWords.get(userId) ?? 0));
    return [...new Set(fresh.map(({ userId }) => world.user(userId).username))];
  }

  /** A message of no person: of a webhook, under any name it likes. */
  webhookSays(name: string, text: string): Message {
    const id = this.#stage.world.nextId();
    const author: User = { id, username: name, bot: true, dmsClosed: false };
    const draft = { content: text, enforceNonce: false };
    return addMessage(this.#stage.world, {
      author,
      channel: this.channel,
      draft,
      type: MessageType.Default,
      webhookId: id,
    });
  }

  /** The preview of a link comes in late: Discord tells of it as of an edit, which it is not. */
  showsPreview(message: Message, title: string): void {
    message.embeds = [...message.embeds, { type: EmbedType.Link, title }];
    announceUpdate(this.#stage.world, message);
  }

  allow(who: Target, ...names: PermissionName[]): void {
    this.#overwrite(who, ({ type, allow, deny }) => ({
      type,
      allow: allow | bits(...names),
      deny: deny & ~bits(...names),
    }));
  }

  deny(who: Target, ...names: PermissionName[]): void {
    this.#overwrite(who, ({ type, allow, deny }) => ({
      type,
      allow: allow & ~bits(...names),
      deny: deny | bits(...names),
    }));
  }

  /** What somebody may do here, by Discord's rules. */
  permissionsOf({ id }: Target): bigint {
    return permissionsIn(this.#stage.world, id, this.channel);
  }

  /** Archives a thread, and locks it if told to. */
  archive({ locked = false } = {}): void {
    if (this.channel.thread) this.channel.thread.locked = locked;
    setArchived(this.#stage.world, this.channel, true);
  }

  delete(): void {
    removeChannel(this.#stage.world, this.channel);
  }

  #overwrite(who: Target, change: (now: Overwrite) => Overwrite): void {
    const type = this.#stage.world.users.has(who.id) ? 1 : 0;
    const now = this.channel.overwrites.get(who.id) ?? { type, allow: 0n, deny: 0n };
    setOverwrite(this.#stage.world, this.channel, who.id, change(now));
  }

  #described(): string {
    const last = this.messages()
      .slice(-5)
      .map(({ author, content }) => `${author.username}: ${content}`);
    return `#${this.channel.name || "dm"}; last messages:\n  ${last.join("\n  ")}`;
  }
}

const isSaid = ({ type }: Message): boolean =>
  type !== MessageType.ThreadStarterMessage && type !== MessageType.ThreadCreated;

function fingerprint(messages: readonly Message[]): string {
  return messages
    .map(({ id, edits, components }) => `${id}:${edits}:${JSON.stringify(components)}`)
    .join();
}
