import type {
  APIApplicationCommand,
  APIEmbed,
  APIMessageTopLevelComponent,
  ChannelType,
  MessageType,
} from "discord-api-types/v10";

export type Snowflake = string;
export type JsonObject = Record<string, unknown>;

export interface User {
  readonly id: Snowflake;
  readonly username: string;
  readonly bot: boolean;
  /** Refuses direct messages: the bot gets 50007. */
  dmsClosed: boolean;
}

export interface Role {
  readonly id: Snowflake;
  name: string;
  permissions: bigint;
  position: number;
  mentionable: boolean;
}

export interface Member {
  readonly user: User;
  readonly joinedAt: number;
  nick: string | null;
  roleIds: Snowflake[];
  /** Epoch milliseconds; null when not timed out. */
  timedOutUntil: number | null;
}

export interface Guild {
  readonly id: Snowflake;
  readonly name: string;
  readonly ownerId: Snowflake;
  readonly roles: Map<Snowflake, Role>;
  readonly members: Map<Snowflake, Member>;
}

export interface Overwrite {
  /** 0 is a role, 1 a member. */
  readonly type: 0 | 1;
  allow: bigint;
  deny: bigint;
}

export interface ThreadState {
  readonly ownerId: Snowflake;
  readonly memberIds: Set<Snowflake>;
  archived: boolean;
  locked: boolean;
  invitable: boolean;
  autoArchiveMinutes: number;
  archivedAt: number;
  /** Every message ever sent in it; never goes down. */
  totalMessages: number;
}

export interface Channel {
  readonly id: Snowflake;
  readonly type: ChannelType;
  readonly guildId: Snowflake | null;
  readonly createdAt: number;
  readonly overwrites: Map<Snowflake, Overwrite>;
  /** The two people of a DM; empty elsewhere. */
  readonly recipients: readonly User[];
  readonly thread: ThreadState | null;
  /** Oldest first, because ids only grow. */
  readonly messages: Map<Snowflake, Message>;
  name: string;
  topic: string | null;
  position: number;
  nsfw: boolean;
  slowmodeSeconds: number;
  parentId: Snowflake | null;
  tags: JsonObject[];
  appliedTagIds: Snowflake[];
  lastPinAt: number | null;
}

export interface Attachment {
  readonly id: Snowflake;
  readonly filename: string;
  readonly description: string | null;
  readonly contentType: string;
  readonly sizeBytes: number;
}

/** A file on its way in, with its bytes. */
export interface Upload {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** The N of `files[N]`, which `attachments[].id` refers to. */
  readonly key: string;
}

export interface Reaction {
  /** `🔥`, or `name:id` for a custom one: the form Discord uses in paths. */
  readonly emoji: string;
  readonly userIds: Snowflake[];
}

export interface Pings {
  readonly users: readonly Snowflake[];
  readonly roles: readonly Snowflake[];
  readonly everyone: boolean;
}

export interface MessageReference {
  readonly messageId: Snowflake;
  readonly channelId: Snowflake;
  readonly guildId: Snowflake | null;
  /** 0 is a reply, 1 a forward. */
  readonly type: 0 | 1;
}

/** Where an interaction's message came from: what `interaction_metadata` tells. */
export interface InteractionOrigin {
  readonly id: Snowflake;
  readonly type: number;
  readonly user: User;
}

/** Plain data throughout, so that it reads the same from another process. */
export interface Message {
  readonly id: Snowflake;
  readonly channelId: Snowflake;
  readonly guildId: Snowflake | null;
  readonly author: User;
  readonly type: MessageType;
  readonly createdAt: number;
  readonly reference: MessageReference | null;
  readonly nonce: string | number | null;
  readonly interaction: InteractionOrigin | null;
  readonly webhookId: Snowflake | null;
  /** The one person who sees it; null when everybody in the channel does. */
  readonly onlyFor: Snowflake | null;
  /** Who got a notification when it was sent. Edits never notify, save the one that ends a deferral. */
  pings: Pings;
  content: string;
  embeds: APIEmbed[];
  components: APIMessageTopLevelComponent[];
  attachments: Attachment[];
  reactions: Reaction[];
  mentionedUserIds: Snowflake[];
  mentionedRoleIds: Snowflake[];
  mentionsEveryone: boolean;
  flags: number;
  pinnedAt: number | null;
  editedAt: number | null;
  deletedAt: number | null;
  /** Every text it ever showed, oldest first. */
  readonly versions: { readonly content: string; readonly at: number }[];
}

export interface Application {
  readonly id: Snowflake;
  readonly name: string;
  readonly publicKey: string;
}

export type Command = APIApplicationCommand;
