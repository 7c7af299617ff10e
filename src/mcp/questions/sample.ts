import {
  ProtocolError,
  ProtocolErrorCode,
  type CreateMessageRequest,
  type CreateMessageResult,
} from "@modelcontextprotocol/client";
import type { ToolRules } from "../../core/approvals.ts";
import type { Asker } from "../../core/asker.ts";
import type { McpQuestions } from "../../core/mcp-questions.ts";
import type { ToolContext } from "../../core/tool.ts";
import { clean } from "../clean.ts";
import type { AskPerson } from "./ask-person.ts";
import { MAX_SAMPLING_CHARS } from "./limits.ts";

export interface SamplingDeps {
  readonly asker: Asker;
  readonly rules: Pick<ToolRules, "of">;
  readonly questions: Pick<McpQuestions, "placeOf">;
  readonly ask: AskPerson;
}

/** Rules are set for it by this name, with `/settings`. */
const SAMPLING = "mcp_sampling";

/**
 * A model's answer for a server, on the budget of the person whose call it works on, and only after that person, or a rule
 * of the place, has allowed it. The model reads what the server gives, and nothing of ours.
 */
export async function sample(
  { asker, rules, questions, ask }: SamplingDeps,
  serverName: string,
  { params }: Pick<CreateMessageRequest, "params">,
  context: ToolContext,
  signal: AbortSignal,
): Promise<CreateMessageResult> {
  const { scope, conversationId } = context;
  const conversation = await questions.placeOf(scope, conversationId);
  if (!conversation || !asker.isAble) throw refused("There is no model to ask here.");
  const { system, text } = readable(params);
  const found = await rules.of(scope, conversation);
  const verdicts = found.filter(({ tool }) => tool === SAMPLING).map(({ verdict }) => verdict);
  if (verdicts.includes("deny")) throw refused("That is not allowed here.");
  if (!verdicts.includes("allow") || verdicts.includes("ask")) {
    const question = { kind: "sampling", serverName, message: "", system, text } as const;
    const answer = await ask(context, question, signal);
    if (answer.kind !== "accepted") throw refused("The person did not allow it.");
  }
  const said = await asker.ask({
    scope,
    conversation,
    system,
    text,
    tier: "low",
    purpose: "mcp-sampling",
    signal,
  });
  if (said.kind !== "words") throw refused(WHY[said.kind]);
  return {
    role: "assistant",
    content: { type: "text", text: said.text },
    // Which one it is, is nobody's business out there.
    model: "clara",
    stopReason: said.isCut ? "maxTokens" : "endTurn",
  };
}

const WHY = {
  "over-budget": "The person's budget is used up.",
  busy: "Too much is asked of models right now. Try again later.",
  trouble: "The model does not answer right now.",
} as const;

/** The specification's code for a person's no. */
const REFUSED = -1;

const refused = (words: string): ProtocolError => new ProtocolError(REFUSED, words);

/** Words only: no pictures, no sounds, no tools. */
function readable({ systemPrompt = "", messages }: CreateMessageRequest["params"]): {
  readonly system: string;
  readonly text: string;
} {
  const lines = messages.flatMap(({ role, content }) =>
    (Array.isArray(content) ? content : [content]).map((block) => {
      if (block.type !== "text")
        throw new ProtocolError(
          ProtocolErrorCode.InvalidParams,
          "Only words can be given to a model here.",
        );
      return `${role === "assistant" ? "You said: " : ""}${clean(block.text)}`;
    }),
  );
  const text = lines.join("\n\n");
  const system = clean(systemPrompt);
  if (text.length + system.length > MAX_SAMPLING_CHARS)
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `More than ${MAX_SAMPLING_CHARS} characters are not given to a model here.`,
    );
  return { system, text };
}
