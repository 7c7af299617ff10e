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

interface ThreadState {
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
  /** The two people of a DM, or those of a group; empty elsewhere. */
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
  /** Of the newest ever, also when it is deleted. */
  lastMessageId: Snowflake | null;
}

export interface Attachment {
  readonly id: Snowflake;
  readonly filename: string;
  readonly description: string | null;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** Of a voice message; null for every other file. */
  readonly durationSecs: number | null;
}

/** A file on its way in, with its bytes. */
export interface Upload {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** The N of `files[N]`, which `attachments[].id` refers to. */
  readonly key: string;
}

interface Reaction {
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
  readonly owners: IntegrationOwners;
}

/** Which installations an interaction came by: "0" names the server (or "0" in the app's DM), "1" a person. */
export type IntegrationOwners = Readonly<Partial<Record<"0" | "1", Snowflake>>>;

/** What Discord holds of a message. Live: an edit shows in the object that one holds. */
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
  /** As it was asked for; nobody votes here. */
  readonly poll: JsonObject | null;
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
  /** How often it was edited. */
  edits: number;
  /** The texts that it showed, oldest first; of the very many of a long edit, the newest. */
  readonly versions: { readonly content: string; readonly at: number }[];
  /** The message it replies to; null for none. */
  readonly replyTo: Snowflake | null;
  readonly isDeleted: boolean;
  readonly buttons: readonly ShownButton[];
  readonly files: readonly ShownFile[];
}

export interface ShownButton {
  readonly label: string;
  /** Null for links. */
  readonly customId: string | null;
  readonly disabled: boolean;
}

export interface ShownFile {
  readonly name: string;
  /** Signed, so it expires. */
  readonly url: string;
  readonly bytes: Uint8Array;
  /** Read as UTF-8. */
  readonly text: string;
}

export interface Application {
  readonly id: Snowflake;
  readonly name: string;
  readonly publicKey: string;
}

export type Command = APIApplicationCommand;
