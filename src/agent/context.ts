import type { Clock } from "../core/clock.ts";
import type { TranscriptMessage } from "../core/message.ts";
import type { ModelMessage, SystemBlock } from "../core/model.ts";
import type { Summary, Transcript } from "../core/stores.ts";
import type { Turn } from "../core/turn.ts";
import { estimateTokens } from "../lib/tokens.ts";
import { houseRules } from "./prompts.ts";
import { plainName, speakerLabels, toLine } from "./speakers.ts";

export interface ContextOptions {
  readonly botName: string;
  /** The operator's persona, or the built-in one. */
  readonly persona: string;
  /** IANA name: the clock in prompts. */
  readonly timeZone: string;
  /** Messages of a channel that are given word by word (DISCORD_CHANNEL_HISTORY_LIMIT). */
  readonly historyLimit: number;
  /** The same for a DM, and the length of a chain of replies (DISCORD_MAX_MESSAGES). */
  readonly dmHistoryLimit: number;
  /** Characters of the conversation given word by word (DISCORD_MAX_CHARS). */
  readonly maxChars: number;
}

export interface Context {
  readonly system: readonly SystemBlock[];
  readonly messages: readonly ModelMessage[];
  readonly lastStableMessage: number;
}

/** Everything that the model gets to know for one turn, stable parts first, within `maxTokens`. */
export async function gatherContext(
  deps: { readonly transcript: Transcript; readonly clock: Clock },
  options: ContextOptions,
  turn: Turn,
  maxTokens: number,
): Promise<Context> {
  const { scope, conversation } = turn;
  const limit = conversation.kind === "dm" ? options.dmHistoryLimit : options.historyLimit;
  const summary = await deps.transcript.summary(scope, conversation.id);
  const recent = await deps.transcript.recent(scope, conversation.id, {
    limit,
    upTo: turn.triggerId,
    after: summary?.upToAt ?? null,
  });
  const question = recent.find(({ id }) => id === turn.triggerId);
  const before = recent.filter(({ id }) => id !== turn.triggerId);
  const quoted = question ? await quotedBy(deps.transcript, turn, question, before, options) : [];

  const labels = speakerLabels([...quoted, ...recent]);
  const toText = lineWriter(labels, options.timeZone);
  const system = systemBlocks(options, summary);
  const notes = notesOn(turn, labels, deps.clock, options.timeZone);
  const last = questionText(notes, question, quoted, toText);
  const spent = estimateTokens(last) + estimateTokens(system.map(({ text }) => text).join());
  const kept = newestWithin(before, options.maxChars, maxTokens - spent);
  const history = toMessages(kept, toText);
  return {
    system,
    messages: [...history, { role: "user", content: [{ type: "text", text: last }] }],
    lastStableMessage: history.length - 1,
  };
}

/** What the question replies to, when the window does not hold it anyway. Oldest first. */
async function quotedBy(
  transcript: Transcript,
  turn: Turn,
  question: TranscriptMessage,
  window: readonly TranscriptMessage[],
  options: ContextOptions,
): Promise<readonly TranscriptMessage[]> {
  if (question.replyTo === null || window.some(({ id }) => id === question.replyTo)) return [];
  const chain = await transcript.chain(turn.scope, question.replyTo, options.dmHistoryLimit);
  return chain.filter(({ id }) => !window.some((message) => message.id === id)).toReversed();
}

function systemBlocks(options: ContextOptions, summary: Summary | null): readonly SystemBlock[] {
  const rules = `${options.persona.replaceAll("{name}", options.botName)}\n\n${houseRules}`;
  const blocks: SystemBlock[] = [{ text: rules, stable: true }];
  if (summary)
    blocks.push({ text: `What was said earlier here, in short:\n${summary.text}`, stable: true });
  return blocks;
}

/** The newest messages that fit, oldest first. */
function newestWithin(
  messages: readonly TranscriptMessage[],
  maxChars: number,
  maxTokens: number,
): readonly TranscriptMessage[] {
  let chars = 0;
  let tokens = 0;
  let first = messages.length;
  while (first > 0) {
    const text = messages[first - 1]?.text ?? "";
    chars += text.length;
    tokens += estimateTokens(text) + TOKENS_PER_LABEL;
    if (chars > maxChars || tokens > maxTokens) break;
    first--;
  }
  return messages.slice(first);
}

const TOKENS_PER_LABEL = 12;

type LineWriter = (message: TranscriptMessage) => string;

/** Lines of people between two answers become one message, so that roles alternate for every provider. */
function toMessages(
  transcript: readonly TranscriptMessage[],
  toText: LineWriter,
): readonly ModelMessage[] {
  const messages: ModelMessage[] = [];
  let lines: string[] = [];
  const flush = () => {
    if (lines.length > 0)
      messages.push({ role: "user", content: [{ type: "text", text: lines.join("\n") }] });
    lines = [];
  };
  for (const message of transcript) {
    if (message.role === "clara") {
      flush();
      messages.push({ role: "assistant", text: message.text, calls: [], replay: null });
    } else lines.push(toText(message));
  }
  flush();
  return messages;
}

/** One formatter for all lines of a turn: making one costs more than using it. */
function lineWriter(labels: ReadonlyMap<string, string>, timeZone: string): LineWriter {
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
  return (message) => {
    const label = message.role === "clara" ? "you" : (labels.get(message.authorId) ?? "someone");
    return toLine(label, clock.format(message.sentAt), wordsOf(message));
  };
}

function wordsOf({ text, attachments }: TranscriptMessage): string {
  const files = attachments.map(
    ({ name, contentType, sizeBytes }) =>
      `[attached: ${plainName(name)}, ${contentType ?? "unknown type"}, ${sizeBytes} bytes]`,
  );
  return [text, ...files].filter((part) => part !== "").join("\n");
}

/** What changes from turn to turn. */
function notesOn(
  { conversation, scope, absorbed }: Turn,
  labels: ReadonlyMap<string, string>,
  clock: Clock,
  timeZone: string,
): string {
  const place =
    conversation.kind === "dm"
      ? "a private chat"
      : `${conversation.kind} ${plainName(conversation.title)}`;
  const asker = labels.get(scope.principal.userId) ?? plainName(scope.principal.displayName);
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    dateStyle: "full",
    timeStyle: "short",
  });
  const together = absorbed.length > 0 ? " Answer the last lines of this person together." : "";
  return `(Now: ${format.format(clock.now())}, ${timeZone}. Place: ${place}. Asking: ${asker}.${together})`;
}

/** The question comes last, with the notes before it: they must not disturb the prefix that providers cache. */
function questionText(
  notes: string,
  question: TranscriptMessage | undefined,
  quoted: readonly TranscriptMessage[],
  toText: LineWriter,
): string {
  const quotes = quoted.map((message) => `> ${toText(message)}`);
  return [notes, ...quotes, question ? toText(question) : "(the message was deleted)"].join("\n");
}
