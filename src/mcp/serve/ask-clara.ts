import { z } from "zod";
import type { Clock } from "../../core/clock.ts";
import type { Explanations } from "../../core/explanations.ts";
import { messageId, turnIdOf, type MessageId } from "../../core/ids.ts";
import { MAX_QUESTION_CHARS } from "../../core/local-outlet.ts";
import type { Scope } from "../../core/principal.ts";
import type { Inbox, Transcript, TurnStore } from "../../core/stores.ts";
import { defineTool, type Tool } from "../../core/tool.ts";
import { ASK_MS, LOOK_EVERY_MS } from "./limits.ts";
import { ownConversation } from "./own-conversation.ts";

export interface AskClaraDeps {
  readonly inbox: Pick<Inbox, "accept">;
  readonly turns: Pick<TurnStore, "cancel">;
  readonly transcript: Pick<Transcript, "recent">;
  readonly explanations: Pick<Explanations, "explainTurns">;
  readonly clock: Clock;
  /** Later ids sort after earlier ones: a UUIDv7. */
  readonly createId: () => string;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Tells whoever runs turns that one was stopped. */
  readonly poke: () => void;
}

/** Lines of the place that are looked through for the answer. */
const MAX_LINES = 50;

/** A question to Clara as from the person: a whole turn, through the same inbox, rules and budgets as any other. */
export const askClara = (deps: AskClaraDeps, botName: string): Tool =>
  defineTool({
    name: "ask_clara",
    description: `Ask ${botName}, an assistant with her own memory and tools, as the person whose token this is. She answers in words; it costs the person's budget, and she may remember what was said. Earlier questions of this kind are one conversation. What needs a click of the person is not done.`,
    label: `Asking ${botName}`,
    effect: "write",
    timeoutMs: ASK_MS,
    input: z.object({
      question: z.string().trim().min(1).max(MAX_QUESTION_CHARS).describe("What to ask, in words"),
    }),
    async run({ question }, { scope, signal }) {
      const id = messageId(`web:${deps.createId()}`);
      const conversation = ownConversation(scope);
      const message = {
        id,
        conversation,
        author: scope.principal,
        authorIsBot: false,
        text: question,
        replyTo: null,
        attachments: [],
        sentAt: deps.clock.now(),
      };
      await deps.inbox.accept(scope, message, { trigger: "local", tier: null }, () => null);
      try {
        return await answerTo(deps, scope, id, signal);
      } catch (error) {
        // Nobody waits for it any more.
        await deps.turns.cancel(scope, turnIdOf(id), "stopped");
        deps.poke();
        throw error;
      }
    },
  });

/** By the store: it may be another process that works on it. */
async function answerTo(
  { explanations, transcript, pause }: AskClaraDeps,
  scope: Scope,
  id: MessageId,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly isError?: boolean }> {
  for (;;) {
    signal.throwIfAborted();
    const [facts] = await explanations.explainTurns(scope, [turnIdOf(id)]);
    const detail = facts?.detail ?? null;
    if (detail !== null) {
      const options = { limit: MAX_LINES, upTo: null, after: null };
      const lines = await transcript.recent(scope, ownConversation(scope).id, options);
      const answer = lines.filter(({ role, replyTo }) => role === "clara" && replyTo === id);
      return answer.length > 0
        ? { text: answer.map(({ text }) => text).join("\n\n") }
        : { text: `She did not answer (${detail}).`, isError: true };
    }
    await pause(LOOK_EVERY_MS, signal);
  }
}
