import { ChannelType, MessageFlags } from "discord-api-types/v10";

import type { Actor } from "./actors.ts";
import type { Channel, Guild, Message, Overwrite, Role, Snowflake } from "./model.ts";
import { toApiChannel, toApiGuildCreate, toApiMember, toApiRole } from "./payloads.ts";
import { type PermissionName, bits } from "./permissions.ts";
import { removeChannel, setOverwrite } from "./rest/channels.ts";
import { compareSnowflakes } from "./snowflake.ts";
import type { Stage } from "./stage.ts";
import { setArchived } from "./threads.ts";
import { type SettleOptions, type WaitOptions, waitFor, waitUntilSettled } from "./wait.ts";
import { newChannel } from "./world.ts";

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

  /** All that is there, oldest first. */
  messages(): Message[] {
    return [...this.channel.messages.values()];
  }

  /** What the bot said here, oldest first; `after` a message when given. */
  fromBot(after?: Message): Message[] {
    return this.messages().filter(
      ({ author, id }) =>
        author === this.#stage.world.bot && (!after || compareSnowflakes(id, after.id) > 0),
    );
  }

  /** The first message, there or to come, that fits. */
  waitFor(fits: (message: Message) => boolean, options?: WaitOptions): Promise<Message> {
    const find = () => this.messages().find(fits);
    return waitFor(
      this.#stage.world,
      find,
      () => `no such message in ${this.#described()}`,
      options,
    );
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
      const answers = this.fromBot(to).filter(({ type }) => type !== 21 && type !== 18);
      const first = answers.find(({ reference }) => reference?.messageId === to.id) ?? answers[0];
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

function fingerprint(messages: readonly Message[]): string {
  return messages
    .map(({ id, versions, components }) => `${id}:${versions.length}:${JSON.stringify(components)}`)
    .join();
}

export interface ChannelOptions {
  readonly type?: ChannelType;
  readonly topic?: string;
  readonly nsfw?: boolean;
  readonly parent?: Target;
}

export interface MemberOptions {
  readonly roles?: readonly Role[];
  readonly bot?: boolean;
  readonly id?: Snowflake;
}

/** A server. Asking for a channel, role or member that is not there makes it. */
export class GuildHandle {
  readonly guild: Guild;
  readonly #stage: Stage;

  constructor(stage: Stage, guild: Guild) {
    this.#stage = stage;
    this.guild = guild;
  }

  get id(): Snowflake {
    return this.guild.id;
  }

  /** Means everybody here, for allow() and deny(). */
  get everyone(): Role {
    const role = this.guild.roles.get(this.guild.id);
    if (!role) throw new Error("a guild without @everyone");
    return role;
  }

  channel(name: string, options: ChannelOptions = {}): Place {
    const { world } = this.#stage;
    const siblings = world.channelsOf(this.guild.id);
    const found = siblings.find((channel) => channel.name === name);
    if (found) return this.#stage.place(found);
    const channel = newChannel({
      id: world.nextId(),
      type: options.type ?? ChannelType.GuildText,
      guildId: this.guild.id,
      name,
      createdAt: world.now(),
      topic: options.topic ?? null,
      nsfw: options.nsfw ?? false,
      parentId: options.parent?.id ?? null,
      position: siblings.length,
    });
    world.channels.set(channel.id, channel);
    world.emit({ t: "CHANNEL_CREATE", d: toApiChannel(channel), guildId: this.guild.id });
    return this.#stage.place(channel);
  }

  role(
    name: string,
    options: {
      readonly permissions?: readonly PermissionName[];
      readonly mentionable?: boolean;
    } = {},
  ): Role {
    const { world } = this.#stage;
    const found = [...this.guild.roles.values()].find((role) => role.name === name);
    if (found) return found;
    const role: Role = {
      id: world.nextId(),
      name,
      permissions: bits(...(options.permissions ?? [])),
      position: this.guild.roles.size,
      mentionable: options.mentionable ?? false,
    };
    this.guild.roles.set(role.id, role);
    world.emit({
      t: "GUILD_ROLE_CREATE",
      d: { guild_id: this.id, role: toApiRole(role) },
      guildId: this.id,
    });
    return role;
  }

  member(name: string, options: MemberOptions = {}): Actor {
    const { world } = this.#stage;
    const { roles = [], ...given } = options;
    const user =
      [...world.users.values()].find(({ username }) => username === name) ??
      world.addUser(name, given);
    if (!this.guild.members.has(user.id)) {
      const roleIds = roles.map(({ id }) => id);
      const member = { user, joinedAt: world.now(), nick: null, roleIds, timedOutUntil: null };
      this.guild.members.set(user.id, member);
      world.emit({
        t: "GUILD_MEMBER_ADD",
        d: { guild_id: this.id, ...toApiMember(member) },
        guildId: this.id,
      });
    }
    return this.#stage.actor(user);
  }

  setRoles(who: Target, roles: readonly Role[]): void {
    this.#change(who, (member) => (member.roleIds = roles.map(({ id }) => id)));
  }

  timeOut(who: Target, ms: number): void {
    this.#change(who, (member) => (member.timedOutUntil = this.#stage.world.now() + ms));
  }

  /** Removes a member. When it is the bot, the guild is gone for it. */
  kick(who: Target): void {
    const { world } = this.#stage;
    const member = this.guild.members.get(who.id);
    if (!member) return;
    this.guild.members.delete(who.id);
    const isBot = who.id === world.bot.id;
    const user = toApiMember(member)["user"];
    world.emit({
      t: isBot ? "GUILD_DELETE" : "GUILD_MEMBER_REMOVE",
      d: isBot ? { id: this.id } : { guild_id: this.id, user },
      guildId: this.id,
    });
  }

  /** Takes the bot in, again or for the first time. */
  addBot(): void {
    const { world } = this.#stage;
    if (this.guild.members.has(world.bot.id)) return;
    const member = {
      user: world.bot,
      joinedAt: world.now(),
      nick: null,
      roleIds: [],
      timedOutUntil: null,
    };
    this.guild.members.set(world.bot.id, member);
    world.emit({ t: "GUILD_CREATE", d: toApiGuildCreate(world, this.guild), guildId: this.id });
  }

  #change(
    { id }: Target,
    apply: (member: NonNullable<ReturnType<Guild["members"]["get"]>>) => void,
  ): void {
    const member = this.guild.members.get(id);
    if (!member) throw new Error(`no member ${id} in ${this.guild.name}`);
    apply(member);
    const { world } = this.#stage;
    world.emit({
      t: "GUILD_MEMBER_UPDATE",
      d: { guild_id: this.id, ...toApiMember(member) },
      guildId: this.id,
    });
  }
}
