import type { Clock } from "../core/clock.ts";
import type { Fault } from "../core/fault.ts";
import type { ConversationId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { TranscriptMessage } from "../core/message.ts";
import type { Model } from "../core/model.ts";
import type { Scope } from "../core/principal.ts";
import type { Transcript } from "../core/stores.ts";
import type { StepCost } from "../core/turn.ts";
import { summaryPrompt } from "./prompts.ts";
import { speakerLabels, toLine } from "./speakers.ts";
import { saneUsage } from "./usage.ts";

/** Messages folded into a summary by one call; of more, the oldest are left to the search. */
const MAX_FOLDED = 200;
/** Characters of one message that a summary needs to see. */
const MAX_MESSAGE_CHARS = 1_000;
/** Fewer than this are not worth a call. */
const MIN_FOLDED = 12;
const MAX_SUMMARY_TOKENS = 600;

interface Deps {
  readonly transcript: Transcript;
  readonly model: Model;
  readonly clock: Clock;
  readonly fault: Fault;
  readonly log: Log;
  readonly pay: (cost: StepCost) => Promise<void>;
  /** Messages younger than this are given word by word (DISCORD_SUMMARY_AGE_MINUTES). */
  readonly summaryAgeMs: number;
  /** As many lines the context gives word by word at most. */
  readonly window: number;
}

/**
 * Folds the older part of a conversation into its summary, in a job of its own and never in a reply's way. The raw
 * lines stay: a summary is a view with the range that it covers. True when it was made anew.
 */
export async function summarise(
  deps: Deps,
  scope: Scope,
  conversation: ConversationId,
  signal: AbortSignal,
): Promise<boolean> {
  const summary = await deps.transcript.summary(scope, conversation);
  const unfolded = await deps.transcript.recent(scope, conversation, {
    limit: MAX_FOLDED,
    upTo: null,
    after: summary?.upToAt ?? null,
  });
  const folded = toFold(unfolded, deps);
  const newest = folded.at(-1);
  if (!newest || folded.length < MIN_FOLDED) return false;

  const text = await ask(deps, summary?.text ?? "(none yet)", folded, signal);
  if (text === "") return false;
  await deps.transcript.saveSummary(scope, conversation, {
    text,
    upTo: newest.id,
    upToAt: newest.sentAt,
  });
  deps.fault("turn.summary.saved");
  deps.log.info({ conversationId: conversation, folded: folded.length }, "summary-made");
  return true;
}

/** Old ones, and those that are about to leave the window: no line may be in neither. */
function toFold(
  messages: readonly TranscriptMessage[],
  { clock, summaryAgeMs, window }: Deps,
): readonly TranscriptMessage[] {
  const keep = Math.max(window - MIN_FOLDED, Math.ceil(window / 2));
  const oldest = clock.now().getTime() - summaryAgeMs;
  const young = messages.findIndex(({ sentAt }) => sentAt.getTime() > oldest);
  const byAge = young === -1 ? messages.length : young;
  return messages.slice(0, Math.max(byAge, messages.length - keep));
}

async function ask(
  { model, pay }: Deps,
  before: string,
  messages: readonly TranscriptMessage[],
  signal: AbortSignal,
): Promise<string> {
  const labels = speakerLabels(messages);
  const lines = messages.map((message) => {
    const label = message.role === "clara" ? "You" : (labels.get(message.authorId) ?? "someone");
    return toLine(
      label,
      message.sentAt.toISOString().slice(0, 16),
      message.text.slice(0, MAX_MESSAGE_CHARS).toWellFormed(),
    );
  });
  const content = `Summary so far:\n${before}\n\nLines:\n${lines.join("\n")}`;
  let text = "";
  const answer = model.stream({
    system: [{ text: summaryPrompt, stable: true }],
    messages: [{ role: "user", content: [{ type: "text", text: content }] }],
    lastStableMessage: -1,
    tools: [],
    toolChoice: "none",
    maxOutputTokens: MAX_SUMMARY_TOKENS,
    signal,
  });
  let source = { provider: "", model: model.name };
  for await (const event of answer) {
    if (event.type === "start") source = { provider: event.provider, model: event.model };
    if (event.type === "text-delta") text += event.text;
    if (event.type !== "end") continue;
    await pay({ ...source, usage: saneUsage(event.usage) });
    // What a model says in place of a summary is none.
    if (event.stop === "refusal") return "";
  }
  return text.trim();
}
