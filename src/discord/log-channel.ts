import type { REST } from "discord.js";
import { RequestMethod } from "discord.js";
import { MessageFlags, Routes } from "discord-api-types/v10";
import type { LogChannel } from "../core/log-entries.ts";
import { ask } from "./outlet-request.ts";
import type { Snowflake } from "./snowflake.ts";

/** Characters of a message. */
const MAX_CHARS = 2_000;
const FENCE = "```";

/** Says what it is given as plain lines: pings nobody, wakes nobody, and draws nothing. */
export function createLogChannel(
  { rest }: { readonly rest: REST },
  channelId: Snowflake,
): LogChannel {
  return {
    async post(key, text, signal) {
      // In a fence nothing is Markdown, save its end.
      const plain = text.replaceAll("`", "'").slice(0, MAX_CHARS - 2 * (FENCE.length + 1));
      const body = {
        content: `${FENCE}\n${plain}\n${FENCE}`,
        nonce: key,
        enforce_nonce: true,
        allowed_mentions: { parse: [] },
        flags: MessageFlags.SuppressEmbeds | MessageFlags.SuppressNotifications,
      };
      const fullRoute = Routes.channelMessages(channelId);
      const answer = await ask(rest, { method: RequestMethod.Post, fullRoute, body }, signal);
      return answer.kind === "refused"
        ? { kind: "refused", code: answer.code }
        : { kind: "posted" };
    },
  };
}
