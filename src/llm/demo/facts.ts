import type { ModelRequest } from "../../core/model.ts";

/** The last thing a person asked, with anything that was put around it. */
export function lastWords(request: ModelRequest): string {
  const message = request.messages.findLast(({ role }) => role === "user");
  return message?.role === "user" ? textOf(message.content) : "";
}

/** From "my name is X" in what was said, or in what Clara was told she remembers; null when nobody said. */
export function recallName(request: ModelRequest): string | null {
  const pattern =
    /\b(?:my|their|his|her|(?:user|person)'s) name is ([\p{L}\p{N}][\p{L}\p{N}'-]*)/giu;
  return allOf(pattern, everythingSaid(request)).at(-1) ?? null;
}

/** From "remember that ...", oldest first. */
export const recallNotes = (request: ModelRequest): readonly string[] =>
  allOf(/\bremember that ([^\n.!?]+)/giu, everythingSaid(request));

function everythingSaid({ system, messages }: ModelRequest): string {
  const said = messages.map((message) => (message.role === "user" ? textOf(message.content) : ""));
  return [...system.map(({ text }) => text), ...said].join("\n");
}

type UserContent = Extract<ModelRequest["messages"][number], { role: "user" }>["content"];

const textOf = (content: UserContent): string =>
  content.map((part) => (part.type === "text" ? part.text : "")).join("\n");

const allOf = (pattern: RegExp, text: string): readonly string[] =>
  [...text.matchAll(pattern)].map(([, found = ""]) => found.trim());
