import type { Log } from "../core/log.ts";
import type { Tool } from "../core/tool.ts";
import { readSkill } from "../tools/skills/read-skill.ts";
import { readSkills } from "../tools/skills/read-skills.ts";

/** The operator's skills, read once at the start. */
export async function skillTools(folder: string, log: Log): Promise<readonly Tool[]> {
  const { skills, problems } = await readSkills(folder);
  for (const { folder: where, why } of problems) log.warn({ folder: where, why }, "not-a-skill");
  const tool = readSkill(skills);
  return tool === null ? [] : [tool];
}
