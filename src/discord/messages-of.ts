import type { REST } from "discord.js";
import { DiscordAPIError } from "discord.js";
import { Routes } from "discord-api-types/v10";
import { z } from "zod";
import type { Snowflake } from "./snowflake.ts";
import type { WireMember, WireMessage } from "./wire.ts";
import { wireMember, wireMessage } from "./wire.ts";

/** As many as Discord gives at once. */
export const PAGE_SIZE = 100;

export interface PageQuery {
  readonly limit: number;
  readonly after?: Snowflake;
  readonly before?: Snowflake;
}

const anything = z.array(z.unknown());

export interface Page {
  /** Newest first, whichever end they are read from. Those that we cannot read are left out. */
  readonly messages: readonly WireMessage[];
  /** True when there may be more. */
  readonly isFull: boolean;
}

/** Messages of a channel. `guildId` is added, as Discord leaves it out here. Throws as REST does. */
export async function readPage(
  rest: REST,
  channelId: Snowflake,
  guildId: Snowflake | null,
  { limit, ...from }: PageQuery,
  signal: AbortSignal,
): Promise<Page> {
  const query = new URLSearchParams({ limit: String(limit), ...from });
  const answer = anything.parse(
    await rest.get(Routes.channelMessages(channelId), { query, signal }),
  );
  const messages = answer.flatMap((each) => {
    const { data: message } = wireMessage.safeParse(each);
    return message ? [{ ...message, guild_id: guildId }] : [];
  });
  return { messages, isFull: answer.length >= limit };
}

/** For a look at a message without its author's roles. */
export const NO_ROLES: WireMember = { roles: [], nick: null, communication_disabled_until: null };

/** A person's roles now; null for somebody who is no member (any more). */
export async function readMember(
  rest: REST,
  guildId: Snowflake,
  userId: Snowflake,
  signal: AbortSignal,
): Promise<WireMember | null> {
  try {
    return wireMember.parse(await rest.get(Routes.guildMember(guildId, userId), { signal }));
  } catch (error) {
    if (isClosed(error)) return null;
    throw error;
  }
}

const CLOSED: ReadonlySet<number> = new Set([403, 404]);

/** True when Discord says that the thing is gone, or not for us. */
export const isClosed = (error: unknown): boolean =>
  error instanceof DiscordAPIError && CLOSED.has(error.status);
