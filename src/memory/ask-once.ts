import type { Model } from "../core/model.ts";
import type { StepCost } from "../core/turn.ts";

export interface AskDeps {
  readonly model: Model;
  readonly pay: (cost: StepCost) => Promise<void>;
}

export interface Asked {
  readonly system: string;
  readonly content: string;
  readonly maxOutputTokens: number;
}

/** One call without tools, and paid for. Empty when the model refuses; rejects with ModelError. */
export async function askOnce(
  { model, pay }: AskDeps,
  { system, content, maxOutputTokens }: Asked,
  signal: AbortSignal,
): Promise<string> {
  let text = "";
  let source = { provider: "", model: model.name };
  const answer = model.stream({
    system: [{ text: system, stable: true }],
    messages: [{ role: "user", content: [{ type: "text", text: content }] }],
    lastStableMessage: -1,
    tools: [],
    toolChoice: "none",
    maxOutputTokens,
    signal,
  });
  for await (const event of answer) {
    if (event.type === "start") source = { provider: event.provider, model: event.model };
    if (event.type === "text-delta") text += event.text;
    if (event.type !== "end") continue;
    await pay({ ...source, usage: event.usage });
    if (event.stop === "refusal") return "";
  }
  return text;
}
