import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { parseSkillText, type SkillText } from "../../lib/skill-text.ts";

/** Skills of one folder; further ones are not offered. */
const MAX_SKILLS = 100;
const MAX_FILE_BYTES = 200_000;
const MAX_FILES = 50;
const MANIFEST = "SKILL.md";

export interface Skill extends SkillText {
  /** Absolute. */
  readonly folder: string;
}

export interface SkillProblem {
  readonly folder: string;
  readonly why: string;
}

/** All skills in a folder, by name; none when there is no such folder. What is no skill is told, not thrown. */
export async function readSkills(
  folder: string,
): Promise<{ readonly skills: readonly Skill[]; readonly problems: readonly SkillProblem[] }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
    .slice(0, MAX_SKILLS);
  const read = await Promise.all(names.map((name) => readSkill(join(folder, name))));
  return {
    skills: read.flatMap((each) => ("name" in each ? [each] : [])),
    problems: read.flatMap((each) => ("why" in each ? [each] : [])),
  };
}

async function readSkill(folder: string): Promise<Skill | SkillProblem> {
  const text = await readBounded(join(folder, MANIFEST)).catch(() => null);
  if (text === null) return { folder, why: `has no ${MANIFEST} that can be read` };
  const parsed = parseSkillText(text);
  return "why" in parsed
    ? { folder, why: `${MANIFEST}: ${parsed.why}` }
    : { ...parsed.skill, folder };
}

/** The files of a skill besides its SKILL.md, as paths within it. */
export async function filesOf({ folder }: Skill): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => path !== MANIFEST)
    .toSorted()
    .slice(0, MAX_FILES);
}

/** The text of one of its files; null for what is not in the folder, a link out of it, too long, or no text. */
export async function readSkillFile({ folder }: Skill, path: string): Promise<string | null> {
  try {
    const [home, target] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    if (!target.startsWith(home + sep)) return null;
    return await readBounded(target);
  } catch {
    return null; // There is none, or it may not be read.
  }
}

async function readBounded(path: string): Promise<string | null> {
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES) return null;
  const bytes = await readFile(path);
  const text = bytes.toString("utf8");
  return text.includes("\0") ? null : text;
}
