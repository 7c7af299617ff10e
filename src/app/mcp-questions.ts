import { randomBytes } from "node:crypto";
import type { Announcer } from "../core/announcer.ts";
import type { Asker } from "../core/asker.ts";
import { systemClock } from "../core/clock.ts";
import { MAX_KEY_CHARS } from "../core/announcer.ts";
import type { Platform } from "../core/principal.ts";
import { pause } from "../lib/pause.ts";
import { createAskPerson } from "../mcp/questions/ask-person.ts";
import { createServerQuestions } from "../mcp/questions/server-questions.ts";
import type { ServerQuestions } from "../mcp/index.ts";
import type { Store } from "../store/index.ts";

const KEY_BYTES = 15;

/** What servers ask back: of people where they can press a button, and of models on people's budgets. */
export function openMcpQuestions(
  { mcpQuestions: questions, toolRules: rules }: Pick<Store, "mcpQuestions" | "toolRules">,
  asker: Asker,
  announcers: ReadonlyMap<Platform, Announcer>,
): ServerQuestions {
  const ask = createAskPerson({
    questions,
    announcers: () => new Map([...announcers].filter(([platform]) => platform === "discord")),
    clock: systemClock,
    createKey: () => randomBytes(KEY_BYTES).toString("base64url").slice(0, MAX_KEY_CHARS),
    pause,
  });
  return createServerQuestions({ questions, rules, asker, ask, workspaceOf: null });
}
