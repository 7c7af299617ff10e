import { z } from "zod";
import type { ToolSpec } from "../../core/model.ts";
import type { OwnSkills } from "../../core/own-skills.ts";
import { defineTool } from "../../core/tool.ts";
import { NO_TOOLS, type OfferedTools, type ToolSource } from "../../core/tool-source.ts";
import type { SkillText } from "../../lib/skill-text.ts";

const NAME = "read_own_skill";
/** What the list may take of every prompt of a person who has some. */
const MAX_LIST_CHARS = 1_600;

const input = z.object({ name: z.string().min(1).max(100) });

/** What the person who asks has written down of how things are to be done: a line each, and the rest when it is needed. */
export const ownSkillTools = ({
  ownSkills,
}: {
  readonly ownSkills: Pick<OwnSkills, "list">;
}): ToolSource => ({
  async toolsFor(scope): Promise<OfferedTools> {
    const skills = await ownSkills.list(scope);
    if (skills.length === 0) return NO_TOOLS;
    const description = `Read how the person who asks wants something done, before you do it. Written by that person:\n${listOf(skills)}`;
    const inputSchema = z.toJSONSchema(input, { io: "input" });
    return {
      tools: [toolFor(description, skills)],
      specs: [{ name: NAME, description, inputSchema: inputSchema as ToolSpec["inputSchema"] }],
      note: null,
    };
  },
});

const toolFor = (description: string, skills: readonly SkillText[]) =>
  defineTool({
    name: NAME,
    description,
    label: "Reading your instructions",
    effect: "read",
    timeoutMs: 5_000,
    input,
    async run({ name }) {
      const skill = skills.find((each) => each.name === name);
      if (skill) return { text: skill.instructions };
      const names = skills.map((each) => each.name).join(", ");
      return { text: `There is no skill ${name}. There are: ${names}.`, isError: true };
    },
  });

/** All of them, however long their descriptions are. */
function listOf(skills: readonly SkillText[]): string {
  const each = Math.floor(MAX_LIST_CHARS / skills.length);
  return skills
    .map(({ name, description }) => `- ${name}: ${description}`.slice(0, each).toWellFormed())
    .join("\n");
}
