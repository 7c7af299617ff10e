import { PermissionFlagsBits as Bit } from "discord-api-types/v10";

/** One of Discord's permissions, and what Clara does with it. */
export interface NeededRight {
  readonly bit: bigint;
  /** As Discord's settings call it, in English. */
  readonly label: string;
  /** What people notice without it. */
  readonly without: string;
  /** Without it there is no answer, or half of one. */
  readonly isVital: boolean;
  /** False for what she has no use for yet: no link asks for it. */
  readonly isUsed: boolean;
}

const right = (
  bit: bigint,
  label: string,
  without: string,
  { isVital = false, isUsed = true } = {},
): NeededRight => ({ bit, label, without, isVital, isUsed });

const VITAL = { isVital: true };

/** In the order in which they matter. */
export const NEEDED_RIGHTS: readonly NeededRight[] = [
  right(
    Bit.ViewChannel,
    "View Channels",
    "I do not see this place, so nothing that is said here reaches me.",
    VITAL,
  ),
  right(Bit.SendMessages, "Send Messages", "I read here, and cannot answer.", VITAL),
  right(
    Bit.SendMessagesInThreads,
    "Send Messages in Threads",
    "I cannot answer in threads.",
    VITAL,
  ),
  right(
    Bit.ReadMessageHistory,
    "Read Message History",
    "I cannot reply to a message, read up on what I missed, or sum up what was said.",
    VITAL,
  ),
  right(
    Bit.AttachFiles,
    "Attach Files",
    "Pictures, files and very long answers cannot be sent.",
    VITAL,
  ),
  right(Bit.EmbedLinks, "Embed Links", "Links in my answers show no preview."),
  right(Bit.SendPolls, "Create Polls", "`/poll` and polls that I am asked for do not work."),
  right(
    Bit.AddReactions,
    "Add Reactions",
    "Nothing is lost: I do not react to messages so far, and no link asks for it.",
    { isUsed: false },
  ),
];

/** What an invitation asks for: all that she uses, and nothing else. */
export const NEEDED_BITS = NEEDED_RIGHTS.reduce(
  (all, { bit, isUsed }) => (isUsed ? all | bit : all),
  0n,
);

export interface Authorisation {
  readonly applicationId: string;
  readonly permissions: bigint;
  /** The only server that can be chosen; null: whichever one likes. */
  readonly guildId: string | null;
}

/** Adds her to a server, or gives her these permissions in one where she is. https://docs.discord.com/developers/topics/oauth2#bot-authorization-flow */
export function authoriseUrl({ applicationId, permissions, guildId }: Authorisation): string {
  const where = guildId === null ? "" : `&guild_id=${guildId}&disable_guild_select=true`;
  return `https://discord.com/oauth2/authorize?client_id=${applicationId}&scope=bot+applications.commands&permissions=${permissions}${where}`;
}
