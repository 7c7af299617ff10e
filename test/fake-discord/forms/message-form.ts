import {
  type APIEmbed,
  type APIMessageTopLevelComponent,
  MessageFlags,
} from "discord-api-types/v10";

import { DiscordError } from "../world/errors.ts";
import type { JsonObject, Upload, User } from "../world/model.ts";
import { isSnowflake } from "../world/snowflake.ts";
import { checkComponents } from "./component-form.ts";
import { Form, isObject, lengthOf, numberOf, objects, textOf } from "./form.ts";

const MAX_CONTENT = 2000;
// People may have Nitro; bots never do.
const MAX_CONTENT_OF_PEOPLE = 4000;
const MAX_NONCE = 25;
const MAX_FILES = 10;
const MAX_EMBEDS = 10;
const MAX_EMBED_TEXT = 6000;
const MAX_FILE_BYTES = 10 * 1024 * 1024;

export interface AllowedMentions {
  readonly parse?: readonly string[];
  readonly users?: readonly string[];
  readonly roles?: readonly string[];
  readonly repliedUser: boolean;
}

export interface ReferenceDraft {
  readonly messageId: string;
  readonly channelId?: string;
  readonly type: 0 | 1;
  readonly failIfNotExists: boolean;
}

/** A message body that has been read and checked. An absent field means "leave as it is" in an edit. */
export interface MessageDraft {
  readonly content?: string;
  readonly embeds?: APIEmbed[];
  readonly components?: APIMessageTopLevelComponent[];
  readonly attachments?: readonly JsonObject[];
  readonly flags?: number;
  readonly poll?: JsonObject;
  readonly nonce?: string | number;
  readonly enforceNonce: boolean;
  readonly reference?: ReferenceDraft;
  readonly allowedMentions?: AllowedMentions;
}

/** Throws 50035 with Discord's error tree, or 40005 for a file that is too large. */
export function readMessage(
  body: JsonObject,
  files: readonly Upload[],
  { author, flags: flagsNow = 0 }: { readonly author: User; readonly flags?: number },
): MessageDraft {
  const form = new Form();
  const flags = numberOf(body["flags"]);
  const isV2 = (((flags ?? 0) | flagsNow) & MessageFlags.IsComponentsV2) !== 0;

  form.text("content", body["content"], { max: author.bot ? MAX_CONTENT : MAX_CONTENT_OF_PEOPLE });
  checkNonce(form, body["nonce"]);
  checkEmbeds(form, objects(body["embeds"]));
  checkComponents(form, objects(body["components"]), isV2);
  checkMentions(form, body["allowed_mentions"]);
  checkPoll(form, body["poll"]);
  if (isV2) checkNothingBesideComponents(form, body);
  if (files.length > MAX_FILES) {
    form.fail("files", "BASE_TYPE_MAX_LENGTH", `Must be ${MAX_FILES} or fewer in length.`);
  }
  form.finish();
  if (files.some(({ bytes }) => bytes.length > MAX_FILE_BYTES)) {
    throw new DiscordError(413, 40_005, "Request entity too large");
  }
  return toDraft(body, flags);
}

/** False for what Discord calls an empty message. */
export function hasSubstance(
  parts: Pick<MessageDraft, "content" | "embeds" | "components" | "poll"> & {
    readonly attachments?: readonly unknown[];
  },
  files: readonly Upload[],
): boolean {
  const { content = "", embeds = [], components = [], attachments = [] } = parts;
  const lists = [embeds, components, attachments, files];
  return content.trim() !== "" || parts.poll !== undefined || lists.some((list) => list.length > 0);
}

function toDraft(body: JsonObject, flags: number | undefined): MessageDraft {
  const { nonce } = body;
  const reference = readReference(body["message_reference"]);
  return {
    ...("content" in body ? { content: textOf(body["content"]) ?? "" } : {}),
    // Checked above as far as Discord's limits go; the rest is shown back as it came.
    ...("embeds" in body ? { embeds: objects(body["embeds"]) as unknown as APIEmbed[] } : {}),
    ...("components" in body
      ? { components: objects(body["components"]) as unknown as APIMessageTopLevelComponent[] }
      : {}),
    ...(Array.isArray(body["attachments"]) ? { attachments: objects(body["attachments"]) } : {}),
    ...(flags === undefined ? {} : { flags }),
    ...(isObject(body["poll"]) ? { poll: body["poll"] } : {}),
    ...(typeof nonce === "string" || typeof nonce === "number" ? { nonce } : {}),
    ...(reference ? { reference } : {}),
    ...(isObject(body["allowed_mentions"])
      ? { allowedMentions: readAllowedMentions(body["allowed_mentions"]) }
      : {}),
    enforceNonce: body["enforce_nonce"] === true,
  };
}

function readReference(value: unknown): ReferenceDraft | undefined {
  if (!isObject(value) || !isSnowflake(value["message_id"])) return undefined;
  const channelId = textOf(value["channel_id"]);
  return {
    messageId: value["message_id"],
    ...(channelId === undefined ? {} : { channelId }),
    type: value["type"] === 1 ? 1 : 0,
    failIfNotExists: value["fail_if_not_exists"] !== false,
  };
}

function readAllowedMentions(value: JsonObject): AllowedMentions {
  const list = (key: string) =>
    Array.isArray(value[key]) ? { [key]: value[key].map(String) } : {};
  return {
    ...list("parse"),
    ...list("users"),
    ...list("roles"),
    repliedUser: value["replied_user"] === true,
  };
}

function checkNonce(form: Form, nonce: unknown): void {
  if (typeof nonce === "string" && nonce.length > MAX_NONCE) {
    form.fail(
      "nonce",
      "NONCE_TYPE_TOO_LONG",
      `Nonce must be no longer than ${MAX_NONCE} characters.`,
    );
  }
}

/** https://docs.discord.com/developers/resources/poll#poll-create-request-object */
function checkPoll(form: Form, value: unknown): void {
  if (!isObject(value)) return;
  const media = (poll: unknown) => (isObject(poll) ? poll["text"] : undefined);
  const answers = objects(value["answers"]);
  form.required("poll.question.text", media(value["question"]));
  form.text("poll.question.text", media(value["question"]), { max: 300 });
  form.count("poll.answers", answers.length, { min: 1, max: 10 });
  form.number("poll.duration", numberOf(value["duration"]) ?? 24, { min: 1, max: 768 });
  for (const [index, answer] of answers.entries()) {
    const path = `poll.answers.${index}.poll_media.text`;
    form.required(path, media(answer["poll_media"]));
    form.text(path, media(answer["poll_media"]), { max: 55 });
  }
}

function checkMentions(form: Form, value: unknown): void {
  if (!isObject(value)) return;
  const parse: unknown[] = Array.isArray(value["parse"]) ? value["parse"] : [];
  for (const kind of ["users", "roles"]) {
    const ids: unknown[] = Array.isArray(value[kind]) ? value[kind] : [];
    form.count(`allowed_mentions.${kind}`, ids.length, { max: 100 });
    if (parse.includes(kind) && ids.length > 0) {
      form.fail(
        "allowed_mentions",
        "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
      );
    }
  }
}

function checkEmbeds(form: Form, embeds: readonly JsonObject[]): void {
  form.count("embeds", embeds.length, { max: MAX_EMBEDS });
  let total = 0;
  for (const [index, embed] of embeds.entries())
    total += checkEmbed(form, `embeds.${index}`, embed);
  if (total > MAX_EMBED_TEXT) {
    form.fail(
      "embeds",
      "MAX_EMBED_SIZE_EXCEEDED",
      `Embed size exceeds maximum size of ${MAX_EMBED_TEXT}`,
    );
  }
}

/** Gives how many characters it holds, which count together over all embeds. */
function checkEmbed(form: Form, path: string, embed: JsonObject): number {
  const footer = isObject(embed["footer"]) ? embed["footer"]["text"] : undefined;
  const author = isObject(embed["author"]) ? embed["author"]["name"] : undefined;
  const fields = objects(embed["fields"]);
  form.text(`${path}.title`, embed["title"], { max: 256 });
  form.text(`${path}.description`, embed["description"], { max: 4096 });
  form.text(`${path}.footer.text`, footer, { max: 2048 });
  form.text(`${path}.author.name`, author, { max: 256 });
  form.url(`${path}.url`, embed["url"]);
  form.count(`${path}.fields`, fields.length, { max: 25 });
  for (const [index, field] of fields.entries()) {
    for (const [key, max] of [
      ["name", 256],
      ["value", 1024],
    ] as const) {
      form.required(`${path}.fields.${index}.${key}`, field[key]);
      form.text(`${path}.fields.${index}.${key}`, field[key], { max });
    }
  }
  const texts = [embed["title"], embed["description"], footer, author];
  const all = [...texts, ...fields.flatMap((field) => [field["name"], field["value"]])];
  return all.reduce((sum: number, text) => sum + lengthOf(textOf(text) ?? ""), 0);
}

function checkNothingBesideComponents(form: Form, body: JsonObject): void {
  const isFilled = (value: unknown) =>
    (typeof value === "string" && value !== "") || (Array.isArray(value) && value.length > 0);
  for (const key of ["content", "embeds", "sticker_ids", "poll"]) {
    if (!isFilled(body[key])) continue;
    form.fail(
      key,
      "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
      `The '${key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
    );
  }
}
