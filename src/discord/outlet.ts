import type { REST } from "discord.js";
import { RequestMethod } from "discord.js";
import { RESTJSONErrorCodes as Code, Routes } from "discord-api-types/v10";
import { z } from "zod";
import type { Fault } from "../core/fault.ts";
import type { Log } from "../core/log.ts";
import type { Conversation } from "../core/message.ts";
import type { OutgoingPart, Outlet, Sent } from "../core/outlet.ts";
import { renderCard } from "./approval-card.ts";
import { findPart } from "./outlet-find.ts";
import { asFile, toEdit, toNew, withoutUploads, withoutReply } from "./outlet-message.ts";
import type { Answer, Refusal } from "./outlet-request.ts";
import { ask, createInOrder, orAborted } from "./outlet-request.ts";
import { render } from "./render.ts";
import type { Snowflake } from "./snowflake.ts";
import type { Typing } from "./typing.ts";

/** Discord allows five edits of a channel's messages in five seconds. */
const EDIT_INTERVAL_MS = 1_100;

export interface OutletDeps {
  /** Made with restOptions(). A gateway is not needed. */
  readonly rest: REST;
  readonly typing: Typing;
  readonly selfId: () => Snowflake;
  /** False: no buttons below finished answers. */
  readonly answerButtons: boolean;
  readonly fault: Fault;
  readonly log: Log;
}

const sentMessage = z.object({ id: z.string().regex(/^\d+$/), content: z.string() });

/**
 * Answers as Discord messages: made once by their nonce, replying without a ping, with a Stop button while they grow.
 * What may pass (an outage, a limit) is thrown, in words that hold neither the answer nor the token.
 */
export function createDiscordOutlet(deps: OutletDeps): Outlet {
  const inOrder = createInOrder();
  const shown = (part: OutgoingPart) => (deps.answerButtons ? part : { ...part, offers: [] });
  return {
    send: (place, part, signal) => orAborted(send(deps, place, shown(part), signal), signal),
    edit(place, messageId, given, signal) {
      const part = shown(given);
      // An edit that nobody waits for any more may be on the wire: a newer one waits until Discord has answered it.
      const edited = inOrder(messageId, () => edit(deps, place, messageId, part, signal));
      return orAborted(edited, signal);
    },
    remove: (place, messageId, signal) => orAborted(remove(deps, place, messageId, signal), signal),
    find: (place, part, others, signal) =>
      orAborted(findPart(deps, place.channelId, part, others, signal), signal),
    voice: {
      render,
      card: renderCard,
      takesFiles: true,
      editIntervalMs: EDIT_INTERVAL_MS,
      working: (place, signal) => deps.typing.keep(place.channelId, signal),
    },
  };
}

async function send(
  { rest, fault, log }: OutletDeps,
  { channelId }: Conversation,
  part: OutgoingPart,
  signal: AbortSignal,
): Promise<Sent> {
  const fullRoute = Routes.channelMessages(channelId);
  const post = (words: OutgoingPart) =>
    ask(rest, { method: RequestMethod.Post, fullRoute, ...toNew(words) }, signal);

  fault("outbox.send.before");
  let answer = await post(part);
  if (isRefused(answer, Code.CannotReplyWithoutPermissionToReadMessageHistory))
    answer = await post(withoutReply(part));
  if (isForFiles(answer, part)) answer = await post(withoutUploads(part));
  if (isRefused(answer, Code.InvalidFormBodyOrContentType)) {
    noteBadForm(log, channelId, part);
    answer = await post(asFile(part));
  }
  if (answer.kind === "refused") return undeliverable(answer);
  const message = sentMessage.safeParse(answer.body);
  if (!message.success) throw new Error("Discord took a message without saying which it became");
  fault("outbox.send.response.read");
  return { kind: "sent", messageId: message.data.id, content: message.data.content };
}

async function edit(
  { rest, typing, fault, log }: OutletDeps,
  { channelId }: Conversation,
  messageId: Snowflake,
  part: OutgoingPart,
  signal: AbortSignal,
): Promise<Sent> {
  const fullRoute = Routes.channelMessage(channelId, messageId);
  const patch = (words: OutgoingPart) =>
    ask(rest, { method: RequestMethod.Patch, fullRoute, ...toEdit(words) }, signal);

  fault("outbox.edit.before");
  let answer = await inOpenThread(rest, channelId, () => patch(part), signal);
  if (isForFiles(answer, part)) answer = await patch(withoutUploads(part));
  if (isRefused(answer, Code.InvalidFormBodyOrContentType)) {
    noteBadForm(log, channelId, part);
    answer = await patch(asFile(part));
  }
  if (isRefused(answer, Code.UnknownMessage)) return { kind: "gone" };
  if (answer.kind === "refused") return undeliverable(answer);
  fault("outbox.edit.after");
  if (part.running) typing.end(channelId);
  return { kind: "sent", messageId, content: part.content };
}

async function remove(
  { rest, log }: OutletDeps,
  { channelId }: Conversation,
  messageId: Snowflake,
  signal: AbortSignal,
): Promise<void> {
  const request = {
    method: RequestMethod.Delete,
    fullRoute: Routes.channelMessage(channelId, messageId),
  };
  const answer = await inOpenThread(rest, channelId, () => ask(rest, request, signal), signal);
  if (answer.kind === "refused" && answer.status !== 404)
    log.warn({ channelId, messageId, code: answer.code }, "discord-message-stays");
}

/** In an archived thread nothing can be changed, but who may write there can open it, unless it is locked. */
async function inOpenThread(
  rest: REST,
  channelId: Snowflake,
  attempt: () => Promise<Answer>,
  signal: AbortSignal,
): Promise<Answer> {
  const answer = await attempt();
  if (!isRefused(answer, Code.InvalidActionOnArchivedThread)) return answer;
  const fullRoute = Routes.channel(channelId);
  const body = { archived: false };
  const opened = await ask(rest, { method: RequestMethod.Patch, fullRoute, body }, signal);
  return opened.kind === "done" ? attempt() : answer;
}

const isRefused = (answer: Answer, code: number): boolean =>
  answer.kind === "refused" && answer.code === code;

/** Files that are too large for this server, or not allowed here. */
const isForFiles = (answer: Answer, { uploads = [] }: OutgoingPart): boolean =>
  uploads.length > 0 &&
  (isRefused(answer, Code.RequestEntityTooLarge) ||
    isRefused(answer, Code.FileUploadedExceedsMaximumSize) ||
    isRefused(answer, Code.MissingPermissions));

/** Our fault, and somebody must look; the person gets the words as a file. */
const noteBadForm = (log: Log, channelId: Snowflake, { turnId, part }: OutgoingPart): void =>
  log.warn({ channelId, turnId, part }, "discord-refused-form");

const undeliverable = ({ code }: Refusal): Sent => ({
  kind: "undeliverable",
  reason: `discord-${code}`,
});
