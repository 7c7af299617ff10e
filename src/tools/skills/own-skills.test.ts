import { expect, test } from "vitest";
import { newDm } from "../../../test/talk.ts";
import { MAX_OWN_SKILLS } from "../../core/own-skills.ts";
import type { SkillText } from "../../lib/skill-text.ts";
import { ownSkillTools } from "./own-skills.ts";

const TEA = { name: "tea", description: "How I make tea", instructions: "Warm the pot first." };

const offered = (skills: readonly SkillText[]) =>
  ownSkillTools({ ownSkills: { list: async () => skills } }).toolsFor(newDm("ana").scope("ana"));

test("who has written nothing down is offered nothing", async () => {
  expect(await offered([])).toEqual({ tools: [], specs: [], note: null });
});

test("the model is told of each skill in a line, and reads the rest when it is needed", async () => {
  const { tools, specs } = await offered([TEA]);
  const [tool] = tools;
  const read = (name: string) => tool?.run({ name }, undefined as never);

  expect(specs).toMatchObject([{ name: "read_own_skill" }]);
  expect(specs[0]?.description).toContain("- tea: How I make tea");
  expect(specs[0]?.description).not.toContain("Warm the pot");
  expect(await read("tea")).toEqual({ text: "Warm the pot first." });
  expect(await read("coffee")).toMatchObject({
    isError: true,
    text: expect.stringContaining("tea"),
  });
});

test("many long descriptions leave none out, and take no more than their room", async () => {
  const many = Array.from({ length: MAX_OWN_SKILLS }, (_, index) => ({
    ...TEA,
    name: `skill-${index}`,
    description: "long ".repeat(100),
  }));

  const { specs } = await offered(many);

  expect(specs[0]?.description.length).toBeLessThan(1_900);
  expect(specs[0]?.description).toContain(`- skill-${MAX_OWN_SKILLS - 1}:`);
});
