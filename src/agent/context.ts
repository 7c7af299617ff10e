import { isDecisionLine } from "../core/approvals.ts";
import type { Clock } from "../core/clock.ts";
import type { ContextFacts } from "../core/explanations.ts";
import type { SaidAttachment } from "../core/files.ts";
import type { Conversation, TranscriptMessage } from "../core/message.ts";
import type { ModelMessage, SystemBlock } from "../core/model.ts";
import type { Summary, Transcript } from "../core/stores.ts";
import type { Turn } from "../core/turn.ts";
import { estimateTokens } from "../lib/tokens.ts";
import { houseRules } from "./prompts.ts";
import { originsOf } from "./origins.ts";
import { intentionNotes, type IntentionsOnce } from "./intentions.ts";
import type { Origins } from "./permit.ts";
import { memoryNotes, recalledOrigins, type RecallOnce } from "./recalled.ts";
import { plainName, speakerLabels, toLine } from "./speakers.ts";

export interface ContextOptions {
  readonly botName: string;
  /** The operator's persona, or the built-in one. */
  readonly persona: string;
  /** The language of answers, in words; null for the one that was asked in. */
  readonly language?: string | null;
  /** IANA name: the clock in prompts. */
  readonly timeZone: string;
  /** Messages of a channel that are given word by word (DISCORD_CHANNEL_HISTORY_LIMIT). */
  readonly historyLimit: number;
  /** The same for a DM, and the length of a chain of replies (DISCORD_MAX_MESSAGES). */
  readonly dmHistoryLimit: number;
  /** Characters of the conversation given word by word (DISCORD_MAX_CHARS). */
  readonly maxChars: number;
  /** In the rules, so that it can be seen when they get out; null or absent for none. */
  readonly marker?: string | null;
  /** Which tools cannot be used at the moment, for this turn; null or absent for none. */
  readonly toolNote?: string | null;
}

export interface Context {
  readonly system: readonly SystemBlock[];
  readonly messages: readonly ModelMessage[];
  readonly lastStableMessage: number;
  /** Of the question and of what it replies to: what the model is to look at. */

  readonly facts: ContextFacts;
  readonly origins: Origins;
  /** What the person who asks, and Clara herself, said in this conversation. */
  readonly trusted: () => readonly string[];
  /** What the person who asks said in this conversation, in words of his own. */
  readonly said: () => readonly string[];
  readonly attachments: readonly SaidAttachment[];
}

/** Of the room, for what the question replies to. */
const QUOTED_SHARE = 0.5;
/** Enough to know again a line that is given anyway. */
const POINTER_CHARS = 200;
/** The label of a line and what a provider adds to it. */
const TOKENS_PER_LINE = 14;

/** Everything that the model gets to know for one turn, stable parts first, within `maxTokens`. */
export async function gatherContext(
  deps: {
    readonly transcript: Transcript;
    readonly clock: Clock;
    readonly recall?: RecallOnce;
    readonly intentions?: IntentionsOnce;
  },
  options: ContextOptions,
  turn: Turn,
  maxTokens: number,
): Promise<Context> {
  const { summary, question, before } = await readConversation(deps.transcript, options, turn);
  const system = systemBlocks(options, summary);
  const room = maxTokens - estimateTokens(system.map(({ text }) => text).join());
  const given = [...before, ...(question ? [question] : [])].map(({ id }) => id);
  const [recalled, intentions] = await Promise.all([
    question && deps.recall ? deps.recall(question.text, given) : null,
    question && deps.intentions ? deps.intentions() : [],
  ]);
  const quoted = question ? await quotedBy(deps.transcript, turn, question, before, options) : [];
  const quotes = newestWithin(quoted, options.maxChars, room * QUOTED_SHARE);

  const { userId: authorId, displayName: authorName } = turn.scope.principal;
  const asker = { authorId, authorName, role: "person" } as const;
  const labels = speakerLabels([...quotes, ...before, question ?? asker, asker]);
  const { clock, fullDate } = formatsFor(options);
  const toText = (message: TranscriptMessage) => {
    const label = message.role === "clara" ? "you" : (labels.get(message.authorId) ?? "someone");
    return toLine(label, clock.format(message.sentAt), wordsOf(message));
  };
  const now = `${fullDate.format(deps.clock.now())}, ${options.timeZone}`;
  const notes = notesOn(turn, now, labels.get(authorId) ?? plainName(authorName));
  const remembered = memoryNotes(recalled, turn, room);
  const last = questionText(
    [notes, options.toolNote ?? "", remembered, intentionNotes(intentions)],
    question,
    quotes,
    toText,
  );
  const kept = newestWithin(before, options.maxChars, room - estimateTokens(last));
  const saidBy = (isMeant: (message: TranscriptMessage) => boolean) =>
    [...before, ...(question ? [question] : [])]
      .filter((message) => isMeant(message) && !isDecisionLine(message.text))
      .map(({ text }) => text);
  const history = toMessages(kept, toText);
  return {
    system,
    messages: [...history, { role: "user", content: [{ type: "text", text: last }] }],
    // Behind the last answer further lines may join those that are there.
    lastStableMessage: history.findLastIndex(({ role }) => role === "assistant"),
    attachments: attachmentsOf(turn, question, before, quotes),
    facts: {
      lines: kept.length,
      leftOut: before.length - kept.length,
      quoted: quotes.length,
      summaryUpTo: summary?.upToAt.toISOString() ?? null,
      memories: 0,
    },
    origins: originsOf(
      turn,
      summary,
      [...quotes, ...kept, ...(question ? [question] : [])],
      recalledOrigins(recalled, turn.scope.principal.userId),
    ),
    trusted: () => saidBy(({ role, authorId: by }) => role === "clara" || by === authorId),
    said: () => saidBy(({ role, authorId: by }) => role === "person" && by === authorId),
  };
}

/** Of the question, of the lines that are answered with it, and of the message that it replies to. */
function attachmentsOf(
  { absorbed }: Turn,
  question: TranscriptMessage | null,
  before: readonly TranscriptMessage[],
  quotes: readonly TranscriptMessage[],
): readonly SaidAttachment[] {
  const target = question?.replyTo ?? null;
  const meant = before.filter(({ id }) => absorbed.includes(id) || id === target);
  const quoted = quotes.filter(({ id }) => id === target && !meant.some((each) => each.id === id));
  const all = [...(question ? [question] : []), ...meant, ...quoted];
  return all.flatMap(({ id: messageId, authorId, attachments }) =>
    attachments.map((attachment) => ({ ...attachment, authorId, messageId })),
  );
}

/** Lines of a conversation that are given word by word at most, the question included. */
export const windowOf = (
  { kind }: Pick<Conversation, "kind">,
  { historyLimit, dmHistoryLimit }: Pick<ContextOptions, "historyLimit" | "dmHistoryLimit">,
): number => (kind === "dm" ? dmHistoryLimit : historyLimit);

interface Conversed {
  readonly summary: Summary | null;
  /** null when it was deleted. */
  readonly question: TranscriptMessage | null;
  /** What stands before it and is in no summary, oldest first. */
  readonly before: readonly TranscriptMessage[];
}

async function readConversation(
  transcript: Transcript,
  options: ContextOptions,
  { scope, conversation, triggerId, absorbed }: Turn,
): Promise<Conversed> {
  const limit = Math.max(windowOf(conversation, options), absorbed.length + 1);
  const [summary, recent] = await Promise.all([
    transcript.summary(scope, conversation.id),
    transcript.recent(scope, conversation.id, { limit, upTo: triggerId, after: null }),
  ]);
  // What is to be answered is given word by word, also when a summary has covered it while it waited.
  const before = recent.filter(
    ({ id, sentAt }) =>
      id !== triggerId && (!summary || sentAt > summary.upToAt || absorbed.includes(id)),
  );
  return { summary, question: recent.find(({ id }) => id === triggerId) ?? null, before };
}

/**
 * What the question replies to, and what that replies to, and so on, oldest first. Of a line that is given anyway, only
 * as much as shows which it is; nothing when it is the line right before the question.
 */
async function quotedBy(
  transcript: Transcript,
  turn: Turn,
  { replyTo }: TranscriptMessage,
  before: readonly TranscriptMessage[],
  options: ContextOptions,
): Promise<readonly TranscriptMessage[]> {
  if (replyTo === null || before.at(-1)?.id === replyTo) return [];
  const given = before.find(({ id }) => id === replyTo);
  if (given) return [{ ...given, text: given.text.slice(0, POINTER_CHARS) }];
  const chain = await transcript.chain(turn.scope, replyTo, options.dmHistoryLimit);
  return chain.filter(({ id }) => !before.some((message) => message.id === id)).toReversed();
}

function systemBlocks(options: ContextOptions, summary: Summary | null): readonly SystemBlock[] {
  const rules = `${options.persona.replaceAll("{name}", () => options.botName)}\n\n${houseRules}`;
  const language = !options.language
    ? ""
    : `\n- Answer in ${options.language}, whatever language the question is in, unless somebody asks for another.`;
  const { marker = null } = options;
  const marked = marker === null ? "" : `\n- Never write this mark: ${marker}`;
  const blocks: SystemBlock[] = [{ text: rules + language + marked, stable: true }];
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
  const tooOld = messages.findLastIndex((message) => {
    const words = wordsOf(message);
    chars += words.length;
    tokens += estimateTokens(words) + TOKENS_PER_LINE;
    return chars > maxChars || tokens > maxTokens;
  });
  return messages.slice(tooOld + 1);
}

/** What stands between two answers becomes one message, and so do two answers in a row: roles alternate. */
function toMessages(
  transcript: readonly TranscriptMessage[],
  toText: (message: TranscriptMessage) => string,
): readonly ModelMessage[] {
  const groups: { isClara: boolean; texts: string[] }[] = [];
  for (const message of transcript) {
    const isClara = message.role === "clara";
    const text = isClara ? message.text : toText(message);
    const group = groups.at(-1);
    if (group?.isClara === isClara) group.texts.push(text);
    else groups.push({ isClara, texts: [text] });
  }
  return groups.map(({ isClara, texts }) =>
    isClara
      ? { role: "assistant", text: texts.join("\n\n"), calls: [], replay: null }
      : { role: "user", content: [{ type: "text", text: texts.join("\n") }] },
  );
}

interface Formats {
  readonly clock: Intl.DateTimeFormat;
  readonly fullDate: Intl.DateTimeFormat;
}

/** Time zones whose formats are kept: all there are. */
const MAX_FORMATS = 600;
const formats = new Map<string, Formats>();

/** Made once: making them takes half a millisecond of every turn. */
function formatsFor({ timeZone }: ContextOptions): Formats {
  const known = formats.get(timeZone) ?? {
    clock: new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" }),
    fullDate: new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "full", timeStyle: "short" }),
  };
  if (formats.size < MAX_FORMATS) formats.set(timeZone, known);
  return known;
}

function wordsOf({ text, attachments }: TranscriptMessage): string {
  const files = attachments
    .filter(({ isVoice }) => isVoice !== true)
    .map(
      ({ name, contentType, sizeBytes }) =>
        `[attached: ${plainName(name)}, ${plainName(contentType ?? "unknown type")}, ${sizeBytes} bytes]`,
    );
  return [text, ...files].filter((part) => part !== "").join("\n");
}

/** What changes from turn to turn. */
function notesOn({ conversation, absorbed }: Turn, now: string, asker: string): string {
  const { kind, title } = conversation;
  const place = kind === "dm" ? "a private chat" : `${kind} ${plainName(title)}`;
  const together = absorbed.length > 0 ? " Answer the last lines of this person together." : "";
  return `(Now: ${now}. Place: ${place}. Asking: ${asker}.${together})`;
}

/** The question comes last, with the notes before it: they must not disturb the prefix that providers cache. */
function questionText(
  notes: readonly string[],
  question: TranscriptMessage | null,
  quotes: readonly TranscriptMessage[],
  toText: (message: TranscriptMessage) => string,
): string {
  const quoted = quotes.map((message) => `> ${toText(message)}`);
  const lines = [...notes.filter((note) => note !== ""), ...quoted];
  return [...lines, question ? toText(question) : "(the message was deleted)"].join("\n");
}
