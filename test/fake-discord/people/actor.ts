import { ChannelType, InteractionType, MessageFlags } from "discord-api-types/v10";

import { deleteMessage } from "../world/delete-message.ts";
import { editMessage } from "../world/edit-message.ts";
import type { Channel, JsonObject, Message, Snowflake, User } from "../world/model.ts";
import { ownersOfMessage } from "../world/installations.ts";
import type { NewInteraction } from "../world/interactions.ts";
import { requirePermission } from "../world/permissions.ts";
import { postMessage } from "../world/post-message.ts";
import { addReaction, removeReaction, setPinned } from "../world/reactions.ts";
import { startPost, startThread, startThreadOn } from "../world/thread-start.ts";
import { joinThread, leaveThread } from "../world/threads.ts";
import { startTyping } from "../world/typing.ts";
import { type ActorFile, toUpload } from "./actor-file.ts";
import {
  type CommandOptions,
  autocompleteData,
  commandData,
  menuData,
  ownersOfCommand,
} from "./command-data.ts";
import { componentData, modalData } from "./component-data.ts";
import { InteractionHandle } from "./interaction-handle.ts";
import { Place, type Target } from "./place.ts";
import type { Stage } from "./stage.ts";
import { asTyped } from "./typed-text.ts";

export interface SayOptions {
  /** A place, or its name or id; #general unless told. */
  readonly in?: Place | string;
  readonly replyTo?: Message;
  /** Whether a reply notifies, as the client's "@ ON"; it does unless told. */
  readonly ping?: boolean;
  readonly files?: readonly ActorFile[];
}

export interface RunOptions {
  readonly in?: Place | string;
  readonly options?: CommandOptions;
}

const DEFAULT_PLACE = "general";

/** A person (or another bot) who does what people do, under the rules that bind people. */
export class Actor {
  readonly user: User;
  readonly #stage: Stage;

  constructor(stage: Stage, user: User) {
    this.#stage = stage;
    this.user = user;
  }

  get id(): Snowflake {
    return this.user.id;
  }

  /** Writes a message; `@Clara`, `@Role` and `#channel` become mentions. */
  async says(text: string, options: SayOptions = {}): Promise<Message> {
    const channel = this.#channel(options.in);
    const { replyTo, ping = true, files = [] } = options;
    const allowed = { parse: ["users", "roles", "everyone"], replied_user: ping };
    const body: JsonObject = {
      content: asTyped(this.#stage.world, channel, text),
      allowed_mentions: allowed,
      ...asVoice(files),
      ...(replyTo
        ? { message_reference: { message_id: replyTo.id, channel_id: replyTo.channelId } }
        : {}),
    };
    return postMessage(this.#stage.world, {
      author: this.user,
      channel,
      body,
      files: files.map(toUpload),
    });
  }

  /** Writes to the bot in private. */
  dm(text: string, options: Omit<SayOptions, "in"> = {}): Promise<Message> {
    return this.says(text, { ...options, in: this.dmPlace() });
  }

  /** The DM with the bot. */
  dmPlace(): Place {
    return this.#stage.place(this.#stage.world.dmBetween(this.user, this.#stage.world.bot));
  }

  /** Installs the app on the own account: its commands are then there in every server and group. */
  installsApp(): void {
    this.#stage.world.userInstalls.add(this.id);
  }

  closesDms(closed = true): void {
    this.user.dmsClosed = closed;
  }

  async edits(message: Message, text: string): Promise<Message> {
    const channel = this.#stage.world.channel(message.channelId);
    const body = { content: asTyped(this.#stage.world, channel, text) };
    return editMessage(this.#stage.world, this.user, message, { body });
  }

  async deletes(message: Message): Promise<void> {
    deleteMessage(this.#stage.world, this.user, message);
  }

  async reacts(message: Message, emoji: string): Promise<void> {
    addReaction(this.#stage.world, this.user, message, emoji);
  }

  async unreacts(message: Message, emoji: string): Promise<void> {
    removeReaction(this.#stage.world, this.user, message, { emoji });
  }

  async pins(message: Message, pinned = true): Promise<void> {
    setPinned(this.#stage.world, this.user, message, pinned);
  }

  async startsTyping(where?: Place | string): Promise<void> {
    startTyping(this.#stage.world, this.user, this.#channel(where));
  }

  /** A thread on a message, or one of its own in a channel; only the latter can be private. */
  async opensThread(
    on: Message | Place,
    name: string,
    options: { readonly private?: boolean } = {},
  ): Promise<Place> {
    const { world } = this.#stage;
    const type = options.private ? ChannelType.PrivateThread : ChannelType.PublicThread;
    const thread =
      on instanceof Place
        ? startThread(world, { parent: on.channel, owner: this.user, name, type })
        : startThreadOn(world, on, this.user, name);
    return this.#stage.place(thread);
  }

  /** Adds somebody to a thread, as mentioning them in it does. */
  async letsIn(thread: Place, { id }: Target): Promise<void> {
    requirePermission(this.#stage.world, this.id, thread.channel, "SendMessages");
    joinThread(this.#stage.world, thread.channel, id);
  }

  /** A post in a forum. */
  async posts(forum: Place, title: string, text: string): Promise<Place> {
    const given = { parent: forum.channel, owner: this.user, name: title };
    const body = { content: asTyped(this.#stage.world, forum.channel, text) };
    return this.#stage.place(startPost(this.#stage.world, given, { body, files: [] }).thread);
  }

  async joins(thread: Place): Promise<void> {
    joinThread(this.#stage.world, thread.channel, this.id);
  }

  async leaves(thread: Place): Promise<void> {
    leaveThread(this.#stage.world, thread.channel, this.id);
  }

  /** Runs a slash command: `/clara info`, with options by name or typed as `text:hello`. */
  async runs(
    line: string,
    { in: where, options = {} }: RunOptions = {},
  ): Promise<InteractionHandle> {
    const channel = this.#channel(where);
    const data = commandData(this.#stage, this.user, channel, line, options);
    return this.#commands(InteractionType.ApplicationCommand, channel, data);
  }

  /** Types into one option of a command and gives what the bot proposes. */
  async types(
    line: string,
    option: string,
    text: string,
    { in: where, options = {} }: RunOptions = {},
  ): Promise<JsonObject[]> {
    const channel = this.#channel(where);
    const data = autocompleteData(this.#stage, this.user, channel, { line, option, text, options });
    const handle = this.#commands(InteractionType.ApplicationCommandAutocomplete, channel, data);
    return handle.choices();
  }

  /** Apps > `name`, on a message or a person. */
  async usesMenu(
    name: string,
    target: Message | Actor,
    { in: where }: Pick<RunOptions, "in"> = {},
  ): Promise<InteractionHandle> {
    const isMessage = !(target instanceof Actor);
    const channel = isMessage ? this.#stage.world.channel(target.channelId) : this.#channel(where);
    const data = menuData(this.#stage, this.user, channel, name, isMessage ? target : target.user);
    return this.#commands(InteractionType.ApplicationCommand, channel, data);
  }

  /** Presses a button, by its custom id or its label. */
  async clicks(message: Message, button: string): Promise<InteractionHandle> {
    return this.#uses(message, button, undefined);
  }

  /** Chooses in a select, by its custom id or placeholder. */
  async selects(
    message: Message,
    select: string,
    values: readonly string[],
  ): Promise<InteractionHandle> {
    return this.#uses(message, select, values);
  }

  /** Fills in and sends the form that an interaction opened. */
  async submits(
    opened: InteractionHandle,
    fields: Readonly<Record<string, string | readonly string[]>>,
  ): Promise<InteractionHandle> {
    const modal = await opened.modal();
    const { channel, source, owners } = opened.interaction;
    const data = modalData(modal, fields);
    return this.#interacts({ type: InteractionType.ModalSubmit, channel, data, owners, source });
  }

  #uses(message: Message, name: string, values: readonly string[] | undefined): InteractionHandle {
    const { world } = this.#stage;
    if (message.deletedAt !== null) throw new Error("that message is gone");
    if (message.onlyFor !== null && message.onlyFor !== this.id)
      throw new Error("only another person sees that message");
    const data = componentData(this.#stage, message, name, values);
    const channel = world.channel(message.channelId);
    const owners = ownersOfMessage(channel, message);
    const type = InteractionType.MessageComponent;
    return this.#interacts({ type, channel, data, owners, source: message });
  }

  #commands(type: InteractionType, channel: Channel, data: JsonObject): InteractionHandle {
    const owners = ownersOfCommand(this.#stage, this.user, channel, data);
    return this.#interacts({ type, channel, data, owners, source: null });
  }

  #interacts(given: Omit<NewInteraction, "user">): InteractionHandle {
    const { interactions } = this.#stage;
    return new InteractionHandle(this.#stage, interactions.start({ ...given, user: this.user }));
  }

  #channel(where: Place | string = DEFAULT_PLACE): Channel {
    return where instanceof Place ? where.channel : this.#stage.findChannel(where);
  }
}

/** A voice message is a flag, and how long it lasts beside its only file. */
function asVoice([file]: readonly ActorFile[]): JsonObject {
  if (file?.voiceSecs === undefined) return {};
  const recorded = {
    id: "0",
    filename: file.name,
    duration_secs: file.voiceSecs,
    waveform: "AA==",
  };
  return { flags: MessageFlags.IsVoiceMessage, attachments: [recorded] };
}
