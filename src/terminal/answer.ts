import type { TurnId } from "../core/ids.ts";
import type { LocalEvent } from "../core/local-outlet.ts";
import type { TurnEvent } from "../core/outlet.ts";

type TurnEnd = Extract<TurnEvent, { type: "turn-end" }>;

interface ToolUse {
  readonly name: string;
  readonly label: string;
  /** null while it is at work. */
  readonly end: { readonly isError: boolean; readonly elapsedMs: number } | null;
}

/** An answer as far as it is known. */
export interface Answer {
  readonly text: string;
  readonly tools: readonly ToolUse[];
  /** null while its turn is not over. */
  readonly end: TurnEnd | null;
}

export const noAnswer: Answer = { text: "", tools: [], end: null };

/** The answer after an event of its turn; as it was after any other. */
export function follow(answer: Answer, turnId: TurnId, event: LocalEvent): Answer {
  switch (event.type) {
    case "working":
    case "tool-progress":
    case "message-removed":
      return answer;
    case "message-shown": {
      const { message } = event;
      return message.turnId === turnId ? { ...answer, text: message.text } : answer;
    }
    case "turn-start":
      return event.turnId === turnId ? noAnswer : answer;
    case "tool-start": {
      const { name, label } = event;
      const tools = [...answer.tools, { name, label, end: null }];
      return event.turnId === turnId ? { ...answer, tools } : answer;
    }
    case "tool-end":
      return event.turnId === turnId ? { ...answer, tools: endTool(answer.tools, event) } : answer;
    case "turn-end":
      return event.turnId === turnId ? { ...answer, end: event } : answer;
  }
}

/** Calls of one tool side by side are told apart by order only. */
function endTool(
  tools: readonly ToolUse[],
  { name, isError, elapsedMs }: Extract<TurnEvent, { type: "tool-end" }>,
): readonly ToolUse[] {
  const index = tools.findIndex((tool) => tool.name === name && tool.end === null);
  return tools.map((tool, at) => (at === index ? { ...tool, end: { isError, elapsedMs } } : tool));
}
