import type { Announcer } from "../../core/announcer.ts";
import type { Clock } from "../../core/clock.ts";
import type { McpAnswer, McpQuestion, McpQuestions } from "../../core/mcp-questions.ts";
import type { Platform } from "../../core/principal.ts";
import type { ToolContext } from "../../core/tool.ts";
import { LOOK_EVERY_MS, WAIT_MS } from "./limits.ts";

export interface AskPersonDeps {
  readonly questions: McpQuestions;
  /** Those where people can press a button. */
  readonly announcers: () => ReadonlyMap<Platform, Announcer>;
  readonly clock: Clock;
  /** At most 22 characters, not to be guessed. */
  readonly createKey: () => string;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

export type AskPerson = (
  context: ToolContext,
  question: McpQuestion,
  signal: AbortSignal,
) => Promise<McpAnswer>;

const CANCELLED: McpAnswer = { kind: "cancelled" };

/**
 * Asks the person whose turn makes the call, and nobody else, where it is made; others see that something is asked, and
 * not what. Ends with the time, the call, or the answer.
 */
export function createAskPerson(deps: AskPersonDeps): AskPerson {
  const { questions, clock, createKey } = deps;
  return async ({ scope, conversationId }, question, signal) => {
    const announcer = deps.announcers().get(scope.principal.platform);
    const place = announcer && (await questions.placeOf(scope, conversationId));
    if (!announcer || !place) return CANCELLED;
    const id = createKey();
    const expiresAt = new Date(clock.now().getTime() + WAIT_MS);
    const asked = { id, question, expiresAt };
    if (!(await questions.ask(scope, asked))) return { kind: "declined" };
    try {
      const said = await announcer.announce(
        {
          key: id,
          place,
          to: "here",
          owner: scope.principal.userId,
          text: `❔ **${question.serverName}** ${ABOUT[question.kind]}`,
          rows: [
            [
              { label: "Look", emoji: "👀", leadsTo: `mcp-ask:${id}` },
              { label: "No", leadsTo: `mcp-no:${id}` },
            ],
          ],
          ageMs: 0,
        },
        signal,
      );
      return said.kind === "said" ? await hear(id) : CANCELLED;
    } finally {
      await questions.forget(scope, id);
    }

    async function hear(key: string): Promise<McpAnswer> {
      while (clock.now() < expiresAt) {
        const answer = await questions.heard(scope, key);
        if (answer !== null) return answer;
        await deps.pause(LOOK_EVERY_MS, signal);
        signal.throwIfAborted();
      }
      return CANCELLED;
    }
  };
}

const ABOUT: Readonly<Record<McpQuestion["kind"], string>> = {
  form: "wants to know something of you for what you asked. Only you see what, and only you can answer.",
  page: "wants you to do something on a page of its own. Only you see which, and only you can answer.",
  sampling:
    "wants me to ask a language model something, on your budget. Only you see what, and only you can allow it.",
};
