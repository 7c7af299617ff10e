const MAX_NAME_CHARS = 64;
const MAX_DESCRIPTION_CHARS = 500;

export interface SkillText {
  /** Letters, figures, dashes, underscores. */
  readonly name: string;
  readonly description: string;
  readonly instructions: string;
}

/** A SKILL.md: name and description between lines of `---`, then the instructions; or why it is none, in words. */
export function parseSkillText(
  text: string,
): { readonly skill: SkillText } | { readonly why: string } {
  const [, head, body] = /^---\r?\n([^]*?)\r?\n---\r?\n?([^]*)$/.exec(text) ?? [];
  if (head === undefined || body === undefined)
    return { why: "it has to begin with name and description between lines of ---" };
  const [name, description] = [fieldOf(head, "name"), fieldOf(head, "description")];
  if (name === null || !isSkillName(name))
    return { why: "name has to be letters, figures and dashes" };
  if (description === null) return { why: "description is missing" };
  const short = description.slice(0, MAX_DESCRIPTION_CHARS);
  return { skill: { name, description: short, instructions: body.trim() } };
}

export const isSkillName = (name: string): boolean =>
  name.length <= MAX_NAME_CHARS && /^[\w-]+$/.test(name);

/** `name: value` of a simple head; no more of YAML is needed for two fields. */
function fieldOf(head: string, field: string): string | null {
  const line = new RegExp(`^${field}:[ \\t]*(.+)$`, "m").exec(head)?.[1]?.trim() ?? "";
  const value = /^(["'])(.*)\1$/.exec(line)?.[2] ?? line;
  return value === "" ? null : value;
}
