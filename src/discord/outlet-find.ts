import type { REST } from "discord.js";
import { RequestMethod } from "discord.js";
import { Routes } from "discord-api-types/v10";
import { z } from "zod";
import type { OutgoingPart } from "../core/outlet.ts";
import { clickOf } from "./follow-up-buttons.ts";
import { repliedTo, stopId } from "./outlet-message.ts";
import { ask } from "./outlet-request.ts";
import type { Snowflake } from "./snowflake.ts";
import { isAfter } from "./snowflake.ts";

/** How far behind the question we look; Discord gives no more at once. */
const MAX_MESSAGES = 100;

const messages = z.array(
  z.object({
    id: z.string(),
    author: z.object({ id: z.string() }),
    message_reference: z.object({ message_id: z.string().nullish() }).nullish(),
    components: z.array(z.unknown()).nullish(),
  }),
);

/**
 * The message that an earlier attempt made of this part; null when there is none, or the place cannot be read.
 * Only what replies to the right message is ours to take, since other turns speak here, too; and nothing of `others`,
 * which are known to be other parts.
 */
export async function findPart(
  { rest, selfId }: { readonly rest: REST; readonly selfId: () => Snowflake },
  channelId: Snowflake,
  part: OutgoingPart,
  others: readonly Snowflake[],
  signal: AbortSignal,
): Promise<Snowflake | null> {
  const target = repliedTo(part);
  if (target === null) return null;
  // What a click led to is newer than the click; before it stand other answers to the same question.
  const after = (part.replyTo === null ? null : clickOf(part.replyTo)) ?? target;
  const query = new URLSearchParams({ after, limit: String(MAX_MESSAGES) });
  const fullRoute = Routes.channelMessages(channelId);
  const answer = await ask(rest, { method: RequestMethod.Get, fullRoute, query }, signal);
  if (answer.kind === "refused") return null;

  const ours = messages
    .parse(answer.body)
    .filter(({ id, author }) => author.id === selfId() && !others.includes(id))
    .toSorted((one, other) => (isAfter(one.id, other.id) ? 1 : -1));
  const reply = ours.find(({ message_reference }) => message_reference?.message_id === target);
  if (reply) return reply.id;
  // Of a question that was deleted before the answer came, nothing is left to reply to. The Stop button knows the turn.
  if (part.part > 0) return null;
  const button = `"${stopId(part.turnId)}"`;
  return (
    ours.find(({ components }) => JSON.stringify(components ?? []).includes(button))?.id ?? null
  );
}
