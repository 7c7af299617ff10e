import type { REST } from "discord.js";
import { RequestMethod } from "discord.js";
import { MessageFlags, PollLayoutType, Routes } from "discord-api-types/v10";
import { z } from "zod";
import type { ChannelPosts, Posted } from "../core/channel-posts.ts";
import type { Conversation } from "../core/message.ts";
import { ask } from "./outlet-request.ts";
import { snowflakeOf } from "./snowflake.ts";

const created = z.object({ id: z.string() });

/** Pings nobody, and shows no previews: what a model wrote fetches nothing by itself. */
export function createChannelPosts({ rest }: { readonly rest: REST }): ChannelPosts {
  async function send(
    { channelId, guildId }: Conversation,
    nonce: string,
    words: object,
    signal: AbortSignal,
  ): Promise<Posted> {
    const shared = { nonce, enforce_nonce: true, allowed_mentions: { parse: [] } };
    const body = { ...words, ...shared };
    const fullRoute = Routes.channelMessages(channelId);
    const answer = await ask(rest, { method: RequestMethod.Post, fullRoute, body }, signal);
    if (answer.kind === "refused") return { kind: "refused", reason: `discord-${answer.code}` };
    const { id } = created.parse(answer.body);
    const guild = guildId === null ? "@me" : snowflakeOf(guildId);
    return { kind: "posted", url: `https://discord.com/channels/${guild}/${channelId}/${id}` };
  }

  return {
    post: (place, key, content, signal) =>
      send(place, key, { content, flags: MessageFlags.SuppressEmbeds }, signal),
    poll: (place, key, { question, answers, hours, isMultiple }, signal) => {
      const poll = {
        question: { text: question },
        answers: answers.map((text) => ({ poll_media: { text } })),
        duration: hours,
        allow_multiselect: isMultiple,
        layout_type: PollLayoutType.Default,
      };
      return send(place, key, { poll }, signal);
    },
  };
}
