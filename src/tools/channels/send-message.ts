import { createHash } from "node:crypto";
import { z } from "zod";
import { findPlace } from "../../agent/find-place.ts";
import { MAX_KEY_CHARS } from "../../core/announcer.ts";
import { POLL_LIMITS, type ChannelPosts, type Posted } from "../../core/channel-posts.ts";
import type { GuildAccess } from "../../core/guild-access.ts";
import { defineTool, type ToolOutput } from "../../core/tool.ts";

export interface ChannelsDeps {
  readonly access: GuildAccess;
  readonly posts: ChannelPosts;
  /** Unique; a new one for each message. */
  readonly createId: () => string;
}

/** Discord's 2,000, with room for the line that says on whose behalf. */
const MAX_CONTENT_CHARS = 1_900;
const MAX_NAME_CHARS = 60;

const channelInput = z
  .string()
  .min(1)
  .max(120)
  .describe("The channel's or thread's id, or its name if there is only one of that name");

export const sendMessageToChannel = (deps: ChannelsDeps) =>
  defineTool({
    name: "send_message_to_channel",
    description:
      "Write a message in another channel of this server, on behalf of the person who asks. Only where that person may write. Pings nobody. Never for your answer to the person: that appears by itself.",
    label: "Writing in another channel",
    effect: "outside",
    timeoutMs: 30_000,
    input: z.object({
      channel_id: channelInput,
      content: z.string().trim().min(1).max(MAX_CONTENT_CHARS),
    }),
    explain: ({ channel_id: channel, content }) => ({
      what: `Write: ${content}`,
      target: `the channel ${channel}`,
      reversible: false,
    }),
    async run({ channel_id: channel, content }, { scope, signal }) {
      const { principal } = scope;
      const found = await findPlace(deps.access, principal, channel, signal);
      if (found.kind === "unclear") return { text: found.why, isError: true };
      if (!found.place.maySend)
        return { text: "The person or you may not write there.", isError: true };
      const name = plain(principal.displayName).slice(0, MAX_NAME_CHARS);
      const words = `${content}\n-# On behalf of ${name}`;
      const { conversation } = found.place;
      return tell(await deps.posts.post(conversation, keyOf(deps), words, signal));
    },
  });

const answer = z.string().trim().min(1).max(POLL_LIMITS.answerChars);

export const createPoll = (deps: ChannelsDeps) =>
  defineTool({
    name: "create_poll",
    description:
      "Start one of Discord's own polls in a channel of this server where the person who asks may start polls.",
    label: "Starting a poll",
    effect: "outside",
    timeoutMs: 30_000,
    input: z.object({
      channel_id: channelInput,
      question: z.string().trim().min(1).max(POLL_LIMITS.questionChars),
      answers: z.array(answer).min(POLL_LIMITS.minAnswers).max(POLL_LIMITS.maxAnswers),
      hours: z.int().min(1).max(POLL_LIMITS.maxHours).default(24),
      multiple: z.boolean().default(false).describe("Whether one may choose several answers"),
    }),
    explain: ({ channel_id: channel, question }) => ({
      what: `Start a poll: ${question}`,
      target: `the channel ${channel}`,
      reversible: false,
    }),
    async run({ channel_id: channel, multiple, ...poll }, { scope, signal }) {
      const found = await findPlace(deps.access, scope.principal, channel, signal);
      if (found.kind === "unclear") return { text: found.why, isError: true };
      if (!found.place.mayPoll)
        return { text: "The person or you may not start polls there.", isError: true };
      const given = { ...poll, isMultiple: multiple };
      const { conversation } = found.place;
      return tell(await deps.posts.poll(conversation, keyOf(deps), given, signal));
    },
  });

const keyOf = ({ createId }: ChannelsDeps): string =>
  createHash("sha256").update(createId()).digest("base64url").slice(0, MAX_KEY_CHARS);

const tell = (posted: Posted): ToolOutput =>
  posted.kind === "posted"
    ? { text: `Done: ${posted.url}`, sources: [posted.url] }
    : { text: `Discord refused it (${posted.reason}).`, isError: true };

/** A name is no formatting. */
const plain = (name: string): string => name.replace(/[\\*_~`|>#[\]()<@\n\r]/g, "").trim();
