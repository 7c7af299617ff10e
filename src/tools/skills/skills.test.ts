import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readSkill } from "./read-skill.ts";
import { readSkills } from "./read-skills.ts";

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "clara-skills-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

const manifest = (name: string, description = `How to ${name}`) =>
  `---\nname: ${name}\ndescription: "${description}"\n---\n# Do it\nStep one.`;

async function toolFor(files: Readonly<Record<string, string>>) {
  const folder = await folderWith(files);
  const tool = readSkill((await readSkills(folder)).skills);
  const read = async (input: object) =>
    (await tool?.run(tool.input.parse(input), undefined as never))?.text;
  return { folder, tool, read };
}

test("read_skill is not offered without skills", async () => {
  expect(readSkill((await readSkills("/nowhere")).skills)).toBeNull();
});

test("read_skill tells of skills first, then their instructions, then their files", async () => {
  const { tool, read } = await toolFor({
    "tea/SKILL.md": manifest("tea"),
    "tea/parts/water.md": "100 degrees",
  });

  expect(tool?.description).toContain("- tea: How to tea");
  expect(tool?.description).not.toContain("Step one");
  expect(await read({ name: "tea" })).toBe(
    "# Do it\nStep one.\n\nIts files, to be read by name: parts/water.md",
  );
  expect(await read({ name: "tea", file: "parts/water.md" })).toBe("100 degrees");
});

test("read_skill reads nothing outside of the skill", async () => {
  const { folder, read } = await toolFor({
    "tea/SKILL.md": manifest("tea"),
    "secret.txt": "secret",
  });
  await symlink(join(folder, "secret.txt"), join(folder, "tea/link.txt"));

  for (const file of ["../secret.txt", join(folder, "secret.txt"), "link.txt", "tea", "."])
    expect(await read({ name: "tea", file })).toMatch(/has no file/);
  expect(await read({ name: "../tea" })).toMatch(/There is no skill/);
});

test("what is no skill is told and left out", async () => {
  const folder = await folderWith({
    "empty/readme.txt": "",
    "plain/SKILL.md": "no head",
    "nameless/SKILL.md": "---\ndescription: x\n---\ny",
    "odd/SKILL.md": "---\nname: a b\ndescription: x\n---\ny",
    "good/SKILL.md": manifest("good"),
  });

  const { skills, problems } = await readSkills(folder);

  expect(skills.map(({ name }) => name)).toEqual(["good"]);
  expect(problems).toHaveLength(4);
});

test("many skills with long descriptions take little of the prompt, and none is left out", async () => {
  const names = Array.from({ length: 60 }, (_, index) => `skill-${index}`);
  const files = names.map((name) => [`${name}/SKILL.md`, manifest(name, "x".repeat(400))]);
  const { tool } = await toolFor(Object.fromEntries(files) as Record<string, string>);

  expect(tool?.description.length).toBeLessThan(3_000);
  for (const name of names) expect(tool?.description).toContain(`- ${name}:`);
});
