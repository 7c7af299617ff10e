import { z } from "zod";
import { defineTool, type Tool } from "../../core/tool.ts";
import { filesOf, readSkillFile, type Skill } from "./read-skills.ts";

/** What all descriptions together may take of every prompt: about 600 tokens. */
const MAX_LIST_CHARS = 2_400;

/** null without skills: then there is nothing to offer. */
export function readSkill(skills: readonly Skill[]): Tool | null {
  if (skills.length === 0) return null;
  const find = (name: string) => skills.find((skill) => skill.name === name);
  return defineTool({
    name: "read_skill",
    description: `Read how to do something that you have instructions for, before you do it. Skills:\n${listOf(skills)}`,
    label: "Reading instructions",
    effect: "read",
    timeoutMs: 10_000,
    input: z.object({
      name: z.string().min(1).max(100),
      file: z
        .string()
        .min(1)
        .max(300)
        .optional()
        .describe("One of the files that the skill names; left out: its instructions"),
    }),
    async run({ name, file }) {
      const skill = find(name);
      if (!skill) {
        const names = skills.map((each) => each.name).join(", ");
        return { text: `There is no skill ${name}. There are: ${names}.`, isError: true };
      }
      if (file !== undefined) {
        const text = await readSkillFile(skill, file);
        return text === null
          ? { text: `The skill ${name} has no file ${file} that can be read.`, isError: true }
          : { text };
      }
      const files = await filesOf(skill);
      const more =
        files.length === 0 ? "" : `\n\nIts files, to be read by name: ${files.join(", ")}`;
      return { text: `${skill.instructions}${more}` };
    },
  });
}

/** A line each; when they do not fit, all of them get shorter, so that none is left out. */
function listOf(skills: readonly Skill[]): string {
  const names = skills.reduce((sum, { name }) => sum + name.length + 4, 0);
  const each = Math.max(0, Math.floor((MAX_LIST_CHARS - names) / skills.length));
  return skills
    .map(({ name, description }) => {
      const short =
        description.length <= each ? description : `${description.slice(0, each).toWellFormed()}…`;
      return each === 0 ? `- ${name}` : `- ${name}: ${short}`;
    })
    .join("\n")
    .slice(0, 2 * MAX_LIST_CHARS);
}
