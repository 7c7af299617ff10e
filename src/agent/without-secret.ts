import type { Json, ToolCall } from "../core/model.ts";

const HOLDS_SECRET =
  "Not run: these arguments hold a key, a token or a password, or something that looks like one. Such things are given to no tool. Leave it out; when it is the person's own, say that it does not belong into a conversation.";

/** The same call; without its arguments, and with words why it is not run, when they hold a secret. */
export const withoutSecret = (call: ToolCall, holdsSecret: (text: string) => boolean): ToolCall =>
  stringsIn(call.input).some(holdsSecret) ? { ...call, input: {}, problem: HOLDS_SECRET } : call;

/** Each by itself: as JSON their letters would be spelled otherwise. */
function stringsIn(value: Json): readonly string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...stringsIn(inner)]);
}
