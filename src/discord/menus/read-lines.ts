import type { REST } from "discord.js";
import { Routes } from "discord-api-types/v10";
import { isClosed, NO_ROLES, PAGE_SIZE, readPage } from "../messages-of.ts";
import type { Places } from "../places.ts";
import type { Snowflake } from "../snowflake.ts";
import { justBefore, sentAtOf } from "../snowflake.ts";
import { nameFor, toSpoken, type Names, type Self } from "../spoken.ts";
import { wireMessage, type WireMessage } from "../wire.ts";

/** What was said in a place, as one reads it there now. */
export interface Line {
  readonly id: Snowflake;
  readonly channelId: Snowflake;
  readonly authorId: Snowflake;
  readonly authorName: string;
  readonly isBot: boolean;
  readonly text: string;
  readonly sentAt: Date;
}

/** closed: the bot may not read there, or the place is gone. */
export type Read =
  /** Oldest first; not whole when there was more than was asked for: then the newest are given. */
  | { readonly kind: "read"; readonly lines: readonly Line[]; readonly isWhole: boolean }
  | { readonly kind: "closed" };

export interface ReadLines {
  /** From a message on, that one included. Rejects when Discord is away. */
  readonly from: (
    place: Where,
    first: Snowflake,
    limit: number,
    signal: AbortSignal,
  ) => Promise<Read>;
  /** null when it is gone, or not for the bot to read. */
  readonly one: (place: Where, id: Snowflake, signal: AbortSignal) => Promise<Line | null>;
}

export interface Where {
  readonly channelId: Snowflake;
  readonly guildId: Snowflake | null;
}

interface Deps {
  readonly rest: REST;
  readonly places: Pick<Places, "of">;
  readonly self: () => Self;
}

/** Reads from Discord itself, so that what was deleted or edited since is gone or new. With the bot's rights: the caller checks the asker's. */
export function createReadLines(deps: Deps): ReadLines {
  async function newestAfter(
    { channelId, guildId }: Where,
    after: Snowflake,
    limit: number,
    signal: AbortSignal,
  ): Promise<{ readonly messages: readonly WireMessage[]; readonly isWhole: boolean }> {
    const messages: WireMessage[] = [];
    while (messages.length < limit) {
      const oldest = messages.at(-1);
      const query = { limit: PAGE_SIZE, ...(oldest ? { before: oldest.id } : {}) };
      const page = await readPage(deps.rest, channelId, guildId, query, signal);
      const wanted = page.messages.filter(({ id }) => BigInt(id) > BigInt(after));
      messages.push(...wanted);
      if (!page.isFull || wanted.length < page.messages.length || wanted.length === 0)
        return { messages: messages.slice(0, limit), isWhole: messages.length <= limit };
    }
    return { messages: messages.slice(0, limit), isWhole: false };
  }

  return {
    async from(place, first, limit, signal) {
      try {
        const { messages, isWhole } = await newestAfter(place, justBefore(first), limit, signal);
        const lines = messages.toReversed().map((each) => toLine(deps, each));
        return { kind: "read", lines: lines.filter(({ text }) => text !== ""), isWhole };
      } catch (error) {
        if (isClosed(error)) return { kind: "closed" };
        throw error;
      }
    },

    async one({ channelId, guildId }, id, signal) {
      try {
        const route = Routes.channelMessage(channelId, id);
        const { data } = wireMessage.safeParse(await deps.rest.get(route, { signal }));
        return data ? toLine(deps, { ...data, guild_id: guildId }) : null;
      } catch (error) {
        if (isClosed(error)) return null;
        throw error;
      }
    },
  };
}

function toLine({ places, self }: Deps, message: WireMessage): Line {
  const { id, channel_id: channelId, author } = message;
  const names = places.of(message) ?? NAMELESS;
  const words = toSpoken(message, self(), names);
  const files = message.attachments.map(({ filename }) => `[attached: ${filename}]`);
  return {
    id,
    channelId,
    authorId: author.id,
    authorName: nameFor(author, message.member ?? NO_ROLES),
    isBot: author.bot === true,
    text: [words, ...files].filter((piece) => piece !== "").join("\n"),
    sentAt: sentAtOf(id),
  };
}

const NAMELESS: Names = { ownRoleId: null, roleName: () => null, channelName: () => null };
