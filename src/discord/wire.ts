import { z } from "zod";

/**
 * What we read of Discord's own objects. Strict in what makes a message a message, lenient in the rest: an odd field
 * costs that field, not the message. Unknown fields are dropped, so that what waits in a lane stays small.
 */
const snowflake = z.string().regex(/^\d{1,20}$/);

const user = z.object({
  id: snowflake,
  username: z.string().catch(""),
  global_name: z.string().nullish().catch(null),
  bot: z.boolean().nullish().catch(null),
});

export const wireMember = z.object({
  nick: z.string().nullish().catch(null),
  roles: z.array(snowflake).catch([]),
  communication_disabled_until: z.string().nullish().catch(null),
});

const attachment = z.object({
  id: snowflake,
  filename: z.string().catch("file"),
  content_type: z.string().nullish().catch(null),
  size: z.number().catch(0),
  url: z.string().catch(""),
  duration_secs: z.number().nullish().catch(null),
});

const snapshot = z.object({
  message: z.object({
    content: z.string().catch(""),
    attachments: z.array(attachment).catch([]),
  }),
});

const poll = z.object({
  question: z.object({ text: z.string().nullish() }),
  answers: z.array(z.object({ poll_media: z.object({ text: z.string().nullish() }) })).catch([]),
});

export const wireMessage = z.object({
  id: snowflake,
  channel_id: snowflake,
  guild_id: snowflake.nullish(),
  /** 1 is a DM, 3 a group; absent when it was read by REST. */
  channel_type: z.number().nullish().catch(null),
  type: z.number().catch(0),
  author: user,
  member: wireMember.nullish().catch(null),
  content: z.string().catch(""),
  edited_timestamp: z.string().nullish().catch(null),
  flags: z.number().catch(0),
  webhook_id: snowflake.nullish().catch(null),
  mentions: z.array(user.extend({ member: wireMember.partial().nullish().catch(null) })).catch([]),
  mention_roles: z.array(snowflake).catch([]),
  attachments: z.array(attachment).catch([]),
  sticker_items: z.array(z.object({ name: z.string() })).catch([]),
  poll: poll.nullish().catch(null),
  message_reference: z
    .object({ type: z.number().nullish(), message_id: snowflake.nullish() })
    .nullish()
    .catch(null),
  message_snapshots: z.array(snapshot).catch([]),
  referenced_message: z.object({ author: user }).nullish().catch(null),
});
export type WireMessage = z.infer<typeof wireMessage>;
export type WireMember = z.infer<typeof wireMember>;

export const wireDelete = z.object({ id: snowflake, channel_id: snowflake });
export const wireBulkDelete = z.object({ ids: z.array(snowflake), channel_id: snowflake });
