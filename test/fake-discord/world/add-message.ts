import { MessageFlags, type MessageType } from "discord-api-types/v10";

import { numberOf, textOf } from "../forms/form.ts";
import type { MessageDraft } from "../forms/message-form.ts";
import { announceNew } from "./announce.ts";
import { MENTION_ALL, MENTION_USERS, readMentions } from "./mentions.ts";
import type {
  Attachment,
  Channel,
  InteractionOrigin,
  Message,
  MessageReference,
  Snowflake,
  Upload,
  User,
} from "./model.ts";
import { buttonsIn, filesOf, textsIn } from "./shown.ts";
import { joinThread, setArchived } from "./threads.ts";
import { noteUnfurls } from "./unfurl.ts";
import type { World } from "./world.ts";

export const SETTABLE_FLAGS =
  MessageFlags.SuppressEmbeds |
  MessageFlags.SuppressNotifications |
  MessageFlags.IsVoiceMessage |
  MessageFlags.IsComponentsV2;

export interface AddedMessage {
  readonly author: User;
  readonly channel: Channel;
  readonly draft: MessageDraft;
  readonly files?: readonly Upload[];
  readonly type: MessageType;
  readonly id?: Snowflake;
  readonly reference?: MessageReference | null;
  readonly interaction?: InteractionOrigin | null;
  readonly webhookId?: Snowflake | null;
  readonly onlyFor?: Snowflake | null;
  /** Beyond those the sender may set: LOADING, EPHEMERAL. */
  readonly extraFlags?: number;
}

/** Stores a message that has been checked and tells everyone who may see it. */
export function addMessage(world: World, added: AddedMessage): Message {
  const { channel } = added;
  if (channel.thread?.archived) setArchived(world, channel, false);
  joinThread(world, channel, added.author.id);
  const message = toMessage(world, added);
  noteUnfurls(world, message);
  if (message.onlyFor === null) {
    channel.messages.set(message.id, message);
    channel.lastMessageId = message.id;
    if (channel.thread) channel.thread.totalMessages += 1;
    world.rememberNonce(message);
  } else {
    world.keepEphemeral(message);
  }
  announceNew(world, message);
  return message;
}

function toMessage(world: World, added: AddedMessage): Message {
  const { author, channel, draft, reference = null, interaction = null } = added;
  const content = draft.content ?? textsIn(draft.components ?? []);
  const mentions = readMentions(world, {
    author,
    channel,
    content,
    allowed: draft.allowedMentions ?? (interaction ? MENTION_USERS : MENTION_ALL),
    repliedTo: repliedUser(world, reference),
  });
  const createdAt = world.now();
  const message: Message = {
    id: added.id ?? world.nextId(),
    channelId: channel.id,
    guildId: channel.guildId,
    author,
    type: added.type,
    createdAt,
    reference,
    nonce: draft.nonce ?? null,
    interaction,
    webhookId: added.webhookId ?? null,
    onlyFor: added.onlyFor ?? null,
    pings: mentions.pings,
    content,
    embeds: draft.embeds ?? [],
    poll: draft.poll ?? null,
    components: draft.components ?? [],
    attachments: storeFiles(world, draft, added.files ?? []),
    reactions: [],
    mentionedUserIds: mentions.userIds,
    mentionedRoleIds: mentions.roleIds,
    mentionsEveryone: mentions.everyone,
    flags: ((draft.flags ?? 0) & SETTABLE_FLAGS) | (added.extraFlags ?? 0),
    pinnedAt: null,
    editedAt: null,
    deletedAt: null,
    edits: 0,
    versions: [{ content, at: createdAt }],
    get replyTo() {
      return reference?.type === 0 ? reference.messageId : null;
    },
    get isDeleted() {
      return message.deletedAt !== null;
    },
    get buttons() {
      return buttonsIn(message.components);
    },
    get files() {
      return filesOf(world, message);
    },
  };
  return message;
}

/** Whom a reply answers; null when it is no reply, or to something gone. */
export function repliedUser(world: World, reference: MessageReference | null): Snowflake | null {
  if (reference?.type !== 0) return null;
  const target = world.channels.get(reference.channelId)?.messages.get(reference.messageId);
  return target?.author.id ?? null;
}

/** Keeps the bytes of what was uploaded, under ids and names as Discord gives them. */
export function storeFiles(
  world: World,
  draft: MessageDraft,
  files: readonly Upload[],
): Attachment[] {
  return files.map((file) => {
    const about = draft.attachments?.find(({ id }) => String(id) === file.key);
    const id = world.nextId();
    world.uploads.set(id, file);
    return {
      id,
      filename: safeName(textOf(about?.["filename"]) ?? file.filename),
      description: textOf(about?.["description"]) ?? null,
      contentType: file.contentType,
      sizeBytes: file.bytes.length,
      durationSecs: numberOf(about?.["duration_secs"]) ?? null,
    };
  });
}

// Discord keeps letters, digits, dots, dashes and underscores of a file's name.
function safeName(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? "";
  return base.replace(/[^\w.-]+/g, "_") || "unknown";
}
