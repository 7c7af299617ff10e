import type { Asker } from "../../core/asker.ts";
import type { TranscriptMessage } from "../../core/message.ts";
import type { Transcript } from "../../core/stores.ts";
import type { CommandContext } from "../commands/define-command.ts";
import { defineMenu, type TargetMessage } from "../commands/define-menu.ts";
import { sentAtOf, snowflakeOf, type Snowflake } from "../snowflake.ts";
import { asideTrouble, DEMO } from "./aside-words.ts";
import { asData, linkTo, numbered, withLinks } from "./cited.ts";
import { counted } from "./figures.ts";
import { mayReadHistory, whereOf } from "./may-read.ts";
import { summarisePrompt } from "./prompts.ts";
import type { Line, Read, ReadLines } from "./read-lines.ts";

export interface SummariseDeps {
  readonly asker: Asker;
  readonly lines: Pick<ReadLines, "from">;
  readonly transcript: Pick<Transcript, "recent">;
  readonly selfId: () => Snowflake;
}

/** Messages of one summary: of more, the newest. */
const MAX_LINES = 500;

/** On any message: what was said from it to now, in short and with links, for the one who asks only. */
export const summariseHere = (deps: SummariseDeps) =>
  defineMenu({
    on: "message",
    name: "Summarise from here",
    async run(target, context) {
      return { kind: "whisper", reply: { text: await summary(deps, target, context) } };
    },
  });

async function summary(
  deps: SummariseDeps,
  target: TargetMessage,
  context: CommandContext,
): Promise<string> {
  const { scope, conversation, signal } = context;
  if (!mayReadHistory(context)) return "You may not read what was said here before.";
  const read = await readFrom(deps, target, context);
  if (read.kind === "closed" || read.lines.length === 0)
    return "I found nothing to read here. Fix: let me see this place and read its message history.";
  const where = whereOf(conversation);
  const { asker } = deps;
  const { text, byNumber, leftOut } = numbered(read.lines, asker.maxChars, deps.selfId());
  const head = `**${counted(byNumber.size, "message")}** from [here](<${linkTo(where.guildId, first(byNumber))}>) to now${
    leftOut > 0 || !read.isWhole ? " (there were more: these are the newest)" : ""
  }`;
  if (!asker.isAble) return `${head}\n${DEMO}`;
  const aside = await asker.ask({
    scope,
    conversation,
    system: summarisePrompt,
    text: asData("messages", text),
    tier: "low",
    purpose: "summarise",
    signal,
  });
  if (aside.kind !== "words") return `${head}\n${asideTrouble(aside)}`;
  return `${head}\n${withLinks(aside.text, byNumber, where.guildId)}`;
}

const first = (byNumber: ReadonlyMap<number, Line>): Line => {
  const [line] = byNumber.values();
  if (!line) throw new Error("A summary is of at least one line");
  return line;
};

/** From Discord, which knows what was deleted and edited; where that is closed, from what was heard at the time. */
async function readFrom(
  { lines, transcript }: SummariseDeps,
  { id }: TargetMessage,
  { scope, conversation, signal }: CommandContext,
): Promise<Read> {
  const message = snowflakeOf(id);
  const read = await lines.from(whereOf(conversation), message, MAX_LINES, signal);
  if (read.kind === "read") return read;
  const after = new Date(sentAtOf(message).getTime() - 1);
  const options = { limit: MAX_LINES, upTo: null, after };
  const heard = await transcript.recent(scope, conversation.id, options);
  const kept = heard.map((each) => toLine(each, conversation.channelId));
  return { kind: "read", lines: kept, isWhole: heard.length < MAX_LINES };
}

const toLine = (message: TranscriptMessage, channelId: Snowflake): Line => ({
  id: snowflakeOf(message.id),
  channelId,
  authorId: message.role === "clara" ? "" : message.authorId,
  authorName: message.role === "clara" ? "Clara" : message.authorName,
  isBot: message.role !== "person",
  text: message.text,
  sentAt: message.sentAt,
});
