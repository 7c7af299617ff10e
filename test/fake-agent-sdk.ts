import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { once } from "node:events";
import type { AgentOptions, AgentSdk } from "../src/tools/claude-code/agent-sdk.ts";

export interface FakeAgentSdk extends AgentSdk {
  readonly asked: { readonly prompt: string; readonly options: AgentOptions }[];
}

const uses = (name: string, input: object) => ({
  type: "assistant",
  message: { content: [{ type: "tool_use", name, input }] },
});

const thinks = {
  type: "assistant",
  message: {
    id: "msg_1",
    content: [{ type: "text", text: "Let me see." }],
    usage: { input_tokens: 20, cache_read_input_tokens: null, output_tokens: 10 },
  },
};

/**
 * As the SDK behaves to whoever uses it: its messages in their shapes, its questions, its end when it is told to stop. The
 * prompt says what happens: "edit", "run" (a command that nobody allowed), "hang", "linger" (after it has said what it cost), "dear" (more than the
 * budget).
 */
export function fakeAgentSdk(): FakeAgentSdk {
  const asked: FakeAgentSdk["asked"] = [];
  return {
    asked,
    async *query(request) {
      asked.push(request);
      const { prompt, options } = request;
      yield { type: "system", subtype: "init", session_id: "1" };
      if (prompt.includes("edit")) {
        yield uses("Edit", { file_path: "a.txt", old_string: "", new_string: "" });
        await appendFile(join(options.cwd, "a.txt"), `${prompt}\n`);
      }
      if (prompt.includes("run")) {
        yield uses("Bash", { command: "npm  test" });
        await options.canUseTool("Bash", { command: "npm  test" });
      }
      const { signal } = options.abortController;
      if (prompt.includes("hang")) {
        // One answer comes in pieces of one id, each with the same usage.
        yield thinks;
        yield thinks;
        if (!signal.aborted) await once(signal, "abort");
        throw new Error("Claude Code process aborted by user");
      }
      const isDear = prompt.includes("dear");
      yield {
        type: "result",
        subtype: isDear ? "error_max_budget_usd" : "success",
        is_error: isDear,
        result: isDear ? undefined : "I did it.",
        num_turns: 2,
        total_cost_usd: 0.25,
      };
      if (prompt.includes("linger")) {
        yield uses("Edit", { file_path: "late.txt" });
        if (!signal.aborted) await once(signal, "abort");
      }
    },
  };
}
