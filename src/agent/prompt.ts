import type { Clock } from "../core/clock.ts";
import type { Listened, SaidAttachment } from "../core/files.ts";
import type {
  ContentPart,
  Model,
  ModelMessage,
  ModelRequest,
  ToolAnswer,
  ToolSpec,
} from "../core/model.ts";
import type { ContextFacts } from "../core/explanations.ts";
import type { Intentions } from "../core/intentions.ts";
import type { Recall } from "../core/recall.ts";
import type { Log } from "../core/log.ts";
import type { Transcript } from "../core/stores.ts";
import type { Turn } from "../core/turn.ts";
import { estimateTokens } from "../lib/tokens.ts";
import { gatherContext, type ContextOptions } from "./context.ts";
import { cut } from "./cut.ts";
import type { Shelf } from "./find-tools.ts";
import type { TurnLimits } from "./limits.ts";
import { createIntentionsOnce } from "./intentions.ts";
import type { Origins } from "./permit.ts";
import { createRecallOnce } from "./recalled.ts";

export interface PromptDeps {
  readonly transcript: Transcript;
  readonly toolSpecs: readonly ToolSpec[];
  readonly limits: TurnLimits;
  readonly context: ContextOptions;
  readonly clock: Clock;
  /** What the model gets of attachments: images, words, and why something was not read. */
  readonly readAttachments: (
    turn: Turn,
    attachments: readonly SaidAttachment[],
    signal: AbortSignal,
  ) => Promise<readonly ContentPart[]>;
  /** Turns what is spoken into the words of its message. Not there: sound is nothing but a file. */
  readonly listen?: (
    turn: Turn,
    attachments: readonly SaidAttachment[],
    signal: AbortSignal,
  ) => Promise<Listened>;
  /** Not there: she remembers nothing but the conversation. */
  readonly recall?: Pick<Recall, "about">;
  /** Not there: she comes back to nothing by herself. */
  readonly intentions?: Pick<Intentions, "take">;
  readonly log: Log;
}

/** What the model is asked with: the conversation, and after it what this turn did so far. */
export interface Prompt {
  /** The next request. What has outgrown the model's window by our own estimate is made smaller first. */
  readonly request: (
    toolChoice: ModelRequest["toolChoice"],
    signal: AbortSignal,
  ) => Promise<ModelRequest>;
  readonly add: (message: ModelMessage) => void;
  /** Leaves out more of the conversation and of what tools gave. False when nothing is left to leave out. */
  readonly shrink: () => Promise<boolean>;
  /** For a model that takes no images. False when there is none. */
  readonly leaveOutImages: () => boolean;
  /** What the newest request holds of the conversation. */
  readonly facts: () => ContextFacts;
  /** Of the words it began with. */
  readonly origins: () => Origins;
  /** What the person who asks, and Clara herself, said before. */
  readonly trusted: () => readonly string[];
  /** What the person who asks said before. */
  readonly said: () => readonly string[];
}

/** Of the room in the window. The rest is a reserve for what tools give and for estimates that were too low. */
const CONTEXT_SHARE = 0.8;
const SMALL_CONTEXT_SHARE = CONTEXT_SHARE / 3;
/** Of the room, for what the newest step of tools gave, once it is scarce. */
const NEWEST_RESULTS_SHARE = 0.5;
/** What is left of older results then. */
const OLDER_RESULT_CHARS = 200;
/** A result that is hardly longer than it may be is left whole. */
const WORTH_CUTTING_CHARS = 200;

/** `shelf`: the tools that the model is told of by then. */
export async function openPrompt(
  deps: PromptDeps,
  model: Model,
  turn: Turn,
  opening: AbortSignal,
  shelf: Pick<Shelf, "specs" | "later"> = { specs: () => deps.toolSpecs, later: [] },
): Promise<Prompt> {
  const { limits } = deps;
  const { specs, later } = shelf;
  const maxOutputTokens = Math.min(limits.maxOutputTokens, Math.floor(model.contextTokens / 2));
  const room = Math.min(model.contextTokens - maxOutputTokens, limits.maxContextTokens);
  const { transcript, clock } = deps;
  let recall = createRecallOnce(deps.recall, turn);
  const intentions = createIntentionsOnce(deps, turn);
  const gather = (share: number) =>
    gatherContext(
      { transcript, clock, recall, intentions },
      deps.context,
      turn,
      Math.floor(room * share),
    );
  let context = await gather(CONTEXT_SHARE);
  const heard = await listenTo(deps, turn, context.attachments, opening);
  if (heard.isChanged) {
    // The question has its words only now.
    recall = createRecallOnce(deps.recall, turn);
    context = await gather(CONTEXT_SHARE);
  }
  const read = heard.rest.length === 0 ? [] : await deps.readAttachments(turn, heard.rest, opening);
  let files: readonly ContentPart[] = [...heard.parts, ...read];
  const { origins } = context;
  let isSmall = false;
  /** Halved whenever the model finds it too much: its window may be smaller than we were told. */
  let newestShare = NEWEST_RESULTS_SHARE;
  let since: readonly ModelMessage[] = [];

  const tokens = () =>
    estimateTokens(JSON.stringify([context.system, context.messages, since, specs()])) +
    tokensOf(files);

  async function gatherLess(): Promise<void> {
    if (!isSmall) context = await gather(SMALL_CONTEXT_SHARE);
    isSmall = true;
  }

  return {
    async request(toolChoice, signal) {
      if (since.length > 0 && tokens() > room) since = withShortResults(since, room * newestShare);
      if (since.length > 0 && tokens() > room) await gatherLess();
      return {
        system: context.system,
        messages: [...withFiles(context.messages, files), ...since],
        lastStableMessage: context.lastStableMessage,
        tools: specs(),
        ...(later.length > 0 && { later }),
        toolChoice,
        maxOutputTokens,
        signal,
      };
    },
    add(message) {
      since = [...since, message];
    },
    async shrink() {
      const before = tokens();
      since = withShortResults(since, room * newestShare);
      newestShare /= 2;
      await gatherLess();
      return tokens() < before;
    },
    leaveOutImages() {
      if (!files.some(({ type }) => type === "image")) return false;
      files = files.map((part) =>
        part.type === "image" ? { type: "text", text: "[this model takes no images]" } : part,
      );
      return true;
    },
    facts: () => context.facts,
    origins: () => origins,
    trusted: () => context.trusted(),
    said: () => context.said(),
  };
}

async function listenTo(
  { listen }: PromptDeps,
  turn: Turn,
  attachments: readonly SaidAttachment[],
  signal: AbortSignal,
): Promise<Listened> {
  return listen === undefined || attachments.length === 0
    ? { isChanged: false, rest: attachments, parts: [] }
    : listen(turn, attachments, signal);
}

/** Providers count some 1,600 at most for an image of the size that ours have. */
const TOKENS_PER_IMAGE = 1_600;

const tokensOf = (files: readonly ContentPart[]): number =>
  files.reduce(
    (sum, part) => sum + (part.type === "image" ? TOKENS_PER_IMAGE : estimateTokens(part.text)),
    0,
  );

/** Behind the words of the question, which is the last message. */
function withFiles(
  messages: readonly ModelMessage[],
  files: readonly ContentPart[],
): readonly ModelMessage[] {
  const last = messages.at(-1);
  if (files.length === 0 || last?.role !== "user") return messages;
  return [...messages.slice(0, -1), { ...last, content: [...last.content, ...files] }];
}

/** The newest results as far as there is room, of older ones little more than that they were there. */
function withShortResults(
  messages: readonly ModelMessage[],
  newestTokens: number,
): readonly ModelMessage[] {
  const newest = messages.findLastIndex(({ role }) => role === "tool");
  return messages.map((message, index) => {
    if (message.role !== "tool") return message;
    // A character is a token at the worst.
    const newestChars = Math.floor(newestTokens / message.answers.length);
    const maxChars = index === newest ? newestChars : OLDER_RESULT_CHARS;
    return { ...message, answers: message.answers.map((answer) => shorten(answer, maxChars)) };
  });
}

const shorten = (answer: ToolAnswer, maxChars: number): ToolAnswer =>
  answer.text.length <= maxChars + WORTH_CUTTING_CHARS
    ? answer
    : { ...answer, text: cut(answer.text, maxChars) };
