import { ChannelType } from "discord-api-types/v10";

import { toApiChannel, toApiGuildCreate, toApiMember, toApiRole } from "../payloads/guild.ts";
import type { Guild, Member, Role, Snowflake } from "../world/model.ts";
import { DEFAULT_PERMISSIONS, type PermissionName, bits } from "../world/permissions.ts";
import { newChannel } from "../world/world.ts";
import type { Actor } from "./actor.ts";
import type { Place, Target } from "./place.ts";
import type { Stage } from "./stage.ts";

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

  /** A new server with #general, everybody's defaults, an owner of its own and the bot. */
  static create(stage: Stage, name: string): GuildHandle {
    const { world } = stage;
    const id = world.nextId();
    const owner = world.addUser(`owner-of-${name.toLowerCase()}`);
    const everyone: Role = {
      id,
      name: "@everyone",
      permissions: DEFAULT_PERMISSIONS,
      position: 0,
      mentionable: false,
    };
    const guild: Guild = {
      id,
      name,
      ownerId: owner.id,
      roles: new Map([[id, everyone]]),
      members: new Map(),
    };
    world.guilds.set(id, guild);
    const handle = new GuildHandle(stage, guild);
    handle.channel("general");
    handle.member(owner.username);
    handle.addBot();
    return handle;
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

  /** Where people speak: channels and open threads, no forums. */
  places(): Place[] {
    return this.#stage.world
      .channelsOf(this.id)
      .filter(({ type, thread }) => type !== ChannelType.GuildForum && !thread?.archived)
      .map((channel) => this.#stage.place(channel));
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

  #change({ id }: Target, apply: (member: Member) => void): void {
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
