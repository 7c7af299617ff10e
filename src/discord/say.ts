import type { REST } from "discord.js";
import { Routes } from "discord-api-types/v10";
import type { Snowflake } from "./snowflake.ts";

/** Discord remembers a nonce for a few minutes: within them the same words are said once. At most 25 characters. */
type Nonce = string;

/**
 * Says a line of the house, outside of any turn: pings nobody, and is worth no second attempt beyond those of REST.
 * Throws as REST does.
 */
export async function say(
  rest: REST,
  channelId: Snowflake,
  content: string,
  { nonce, replyTo }: { readonly nonce: Nonce; readonly replyTo: Snowflake | null },
  signal: AbortSignal,
): Promise<void> {
  const reference = replyTo !== null && {
    message_reference: { message_id: replyTo, fail_if_not_exists: false },
  };
  const body = {
    content,
    nonce,
    enforce_nonce: true,
    allowed_mentions: { parse: [], replied_user: false },
    ...reference,
  };
  await rest.post(Routes.channelMessages(channelId), { body, signal });
}
