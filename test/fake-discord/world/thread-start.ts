import { ChannelType, MessageFlags, MessageType } from "discord-api-types/v10";

import { hasSubstance, readMessage } from "../forms/message-form.ts";
import { addMessage } from "./add-message.ts";
import { announceUpdate } from "./announce.ts";
import { DiscordError, emptyMessage } from "./errors.ts";
import type { Channel, JsonObject, Message, Upload, User } from "./model.ts";
import { requirePermission } from "./permissions.ts";
import { type NewThread, openThread } from "./threads.ts";
import type { World } from "./world.ts";

const SILENT = { content: "", enforceNonce: false } as const;

/** A thread on a message: it has the message's id, and opens with a pointer back to it (type 21). */
export function startThreadOn(world: World, message: Message, owner: User, name: string): Channel {
  const parent = world.channel(message.channelId);
  requirePermission(world, owner.id, parent, "CreatePublicThreads");
  if (world.channels.has(message.id)) {
    throw new DiscordError(400, 160_004, "A thread has already been created for this message");
  }
  const isNews = parent.type === ChannelType.GuildAnnouncement;
  const type = isNews ? ChannelType.AnnouncementThread : ChannelType.PublicThread;
  const thread = openThread(world, { parent, owner, name, type, id: message.id });
  message.flags |= MessageFlags.HasThread;
  announceUpdate(world, message);
  const { id: messageId, channelId, guildId } = message;
  addMessage(world, {
    author: owner,
    channel: thread,
    draft: SILENT,
    type: MessageType.ThreadStarterMessage,
    reference: { messageId, channelId, guildId, type: 0 },
  });
  return thread;
}

/** A thread of its own; a public one is announced in its parent (type 18). */
export function startThread(world: World, given: NewThread): Channel {
  const { parent, owner, name, type } = given;
  const isPrivate = type === ChannelType.PrivateThread;
  const needed = isPrivate ? "CreatePrivateThreads" : "CreatePublicThreads";
  requirePermission(world, owner.id, parent, needed);
  const thread = openThread(world, given);
  if (!isPrivate) {
    addMessage(world, {
      author: owner,
      channel: parent,
      draft: { ...SILENT, content: name },
      type: MessageType.ThreadCreated,
      reference: { messageId: thread.id, channelId: thread.id, guildId: parent.guildId, type: 0 },
    });
  }
  return thread;
}

/** A forum post: a thread whose first message has the thread's own id. */
export function startPost(
  world: World,
  given: NewThread,
  { body, files }: { readonly body: JsonObject; readonly files: readonly Upload[] },
): { readonly thread: Channel; readonly message: Message } {
  requirePermission(world, given.owner.id, given.parent, "SendMessages");
  const draft = readMessage(body, files, { author: given.owner });
  if (!hasSubstance({ ...draft, attachments: [] }, files)) throw emptyMessage();
  const thread = openThread(world, given);
  const message = addMessage(world, {
    author: given.owner,
    channel: thread,
    draft,
    files,
    type: MessageType.Default,
    id: thread.id,
  });
  return { thread, message };
}
