/** Ids are branded, so that a UserId cannot be passed where a ConversationId is meant. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Platform and id in one, for example `discord:123456789012345678`. A name is never an id. */
export type UserId = Branded<"UserId">;
/** For example `discord:channel:123` (a DM, channel or thread), `web:local:1`. */
export type ConversationId = Branded<"ConversationId">;
/** For example `discord:123`. */
export type MessageId = Branded<"MessageId">;
/** For example `discord:123`. */
export type GuildId = Branded<"GuildId">;
/** One per message that gets an answer; derived from the trigger, so that the same message is the same turn. */
export type TurnId = Branded<"TurnId">;

/** Ours; random. */
export type McpServerId = Branded<"McpServerId">;

export const userId = (raw: string): UserId => raw as UserId;
export const conversationId = (raw: string): ConversationId => raw as ConversationId;
export const messageId = (raw: string): MessageId => raw as MessageId;
export const guildId = (raw: string): GuildId => raw as GuildId;
export const turnId = (raw: string): TurnId => raw as TurnId;
export const mcpServerId = (raw: string): McpServerId => raw as McpServerId;

/** The turn that answers this message. */
export const turnIdOf = (trigger: MessageId): TurnId => turnId(`turn:${trigger}`);
