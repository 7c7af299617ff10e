import type {
  APIActionRowComponent,
  APIComponentInMessageActionRow,
  RESTPatchAPIChannelMessageJSONBody,
  RESTPostAPIChannelMessageJSONBody,
} from "discord-api-types/v10";
import { ButtonStyle, ComponentType, MessageFlags } from "discord-api-types/v10";
import type { RawFile } from "discord.js";
import type { TurnId } from "../core/ids.ts";
import { turnId } from "../core/ids.ts";
import type { OutgoingPart } from "../core/outlet.ts";
import type { ToolFile } from "../core/tool.ts";
import type { OutboxFile } from "../core/turn.ts";
import { followUpRow } from "./follow-up-buttons.ts";
import { cardRow } from "./approval-card.ts";
import { FILE_NAME } from "./render.ts";
import { snowflakeOf } from "./snowflake.ts";

const STOP = "stop:";
const MAX_CONTENT_CHARS = 2_000;
const AS_FILE = "-# 📄 Discord did not take my answer as a message, so here it is as a file.";

interface Form<Body> {
  readonly body: Body;
  readonly files: RawFile[];
}

/** The custom id of the button that ends this turn. */
export const stopId = (id: TurnId): string => `${STOP}${id}`;

/** The turn that a button ends; null for other buttons. */
export const turnToStop = (customId: string): TurnId | null =>
  customId.startsWith(STOP) ? turnId(customId.slice(STOP.length)) : null;

/** A message that does not exist yet. With its nonce it is made once, however often it is sent. */
export function toNew(part: OutgoingPart): Form<RESTPostAPIChannelMessageJSONBody> {
  const { body, files } = common(part);
  const target = repliedTo(part);
  const reference = target !== null && {
    message_reference: { message_id: target, fail_if_not_exists: false },
  };
  return { body: { ...body, nonce: part.nonce, enforce_nonce: true, ...reference }, files };
}

/** The message as it shall be from now on: what is not named goes. */
export function toEdit(part: OutgoingPart): Form<RESTPatchAPIChannelMessageJSONBody> {
  const { body, files } = common(part);
  return {
    body: { ...body, attachments: files.map(({ name }, id) => ({ id, filename: name })) },
    files,
  };
}

/** The message that this part replies to; null for none. */
export const repliedTo = ({ replyTo, follows }: OutgoingPart): string | null =>
  replyTo === null ? follows : snowflakeOf(replyTo);

export const withoutReply = (part: OutgoingPart): OutgoingPart => ({
  ...part,
  replyTo: null,
  follows: null,
});

/** The plainest message that holds the same words. */
export const asFile = (part: OutgoingPart): OutgoingPart => ({
  ...withoutReply(part),
  content: AS_FILE,
  file: part.file ?? { name: FILE_NAME, text: part.content },
  running: false,
  offers: [],
});

function common(part: OutgoingPart) {
  const { content, file, card, uploads = [], turnId: id, running, offers = [] } = part;
  const below = offers.length > 0 ? [followUpRow(offers, id)] : [];
  const body = {
    content,
    allowed_mentions: { parse: [], replied_user: false },
    components: card ? [cardRow(card)] : running ? [stopButton(id)] : below,
    // While it grows, Discord would fetch each half-written address for a preview; on a card nobody has agreed to any.
    flags: running || card ? MessageFlags.SuppressEmbeds : 0,
  };
  return { body, files: [...(file ? [toRawFile(file)] : []), ...uploads.map(toUpload)] };
}

const toRawFile = ({ name, text }: OutboxFile): RawFile => ({
  name,
  data: Buffer.from(text),
  contentType: `text/${name.endsWith(".json") ? "plain" : "markdown"}; charset=utf-8`,
});

/** Named again by the file store, so a name is harmless by now. */
const toUpload = ({ name, content, contentType }: ToolFile): RawFile => ({
  name,
  data: Buffer.from(content),
  contentType,
});

/** For places that take no files, or none so large. */
export const withoutUploads = ({ uploads = [], ...part }: OutgoingPart): OutgoingPart => {
  const names = uploads.map(({ name }) => name).join(", ");
  const remark = `-# 📎 Discord did not take the files here: ${names}. They are kept.`;
  const fits = part.content.length + remark.length < MAX_CONTENT_CHARS;
  const content = [part.content, fits ? remark : ""].filter((words) => words !== "").join("\n");
  return { ...part, content };
};

const stopButton = (id: TurnId): APIActionRowComponent<APIComponentInMessageActionRow> => ({
  type: ComponentType.ActionRow,
  components: [
    {
      type: ComponentType.Button,
      style: ButtonStyle.Secondary,
      label: "Stop",
      emoji: { name: "⏹️" },
      custom_id: stopId(id),
    },
  ],
});
