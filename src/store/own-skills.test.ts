import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { newChannel, newDm, newName } from "../../test/talk.ts";
import { MAX_OWN_SKILLS } from "../core/own-skills.ts";
import { ScopeError } from "../core/principal.ts";

const TEA = { name: "tea", description: "How I make tea", instructions: "Warm the pot first." };

describeStore("own skills", (open) => {
  const store = share(open);

  test("are there wherever their person asks, and for nobody else", async () => {
    const name = newName("ana");
    await store().ownSkills.save(newDm(name).scope(name), TEA);

    const channel = newChannel();

    expect(await store().ownSkills.list(channel.scope(name))).toEqual([TEA]);
    expect(await store().ownSkills.list(channel.scope(newName("ben")))).toEqual([]);
  });

  test("of one name are the newest one; those that are removed are gone", async () => {
    const name = newName("ana");
    const scope = newDm(name).scope(name);
    await store().ownSkills.save(scope, TEA);
    await store().ownSkills.save(scope, { ...TEA, instructions: "Just a bag." });

    expect(await store().ownSkills.list(scope)).toMatchObject([{ instructions: "Just a bag." }]);
    expect(await store().ownSkills.remove(scope, "tea")).toBe(true);
    expect(await store().ownSkills.remove(scope, "tea")).toBe(false);
    expect(await store().ownSkills.list(scope)).toEqual([]);
  });

  test("are not more than one may keep, and those that are there can still be changed", async () => {
    const name = newName("ana");
    const scope = newDm(name).scope(name);
    const all = Array.from({ length: MAX_OWN_SKILLS }, (_, index) => ({
      ...TEA,
      name: `tea-${index}`,
    }));
    await Promise.all(all.map((skill) => store().ownSkills.save(scope, skill)));

    expect(await store().ownSkills.save(scope, TEA)).toBe("full");
    expect(await store().ownSkills.save(scope, { ...TEA, name: "tea-0" })).toBe("saved");
  });

  test("are nobody's in a scope that contradicts itself", async () => {
    const scope = newDm(newName("ana")).scope(newName("ben"));

    await expect(store().ownSkills.list(scope)).rejects.toThrow(ScopeError);
  });
});
