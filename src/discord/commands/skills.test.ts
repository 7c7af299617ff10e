import assert from "node:assert/strict";
import { expect, test } from "vitest";
import { commandContext } from "../../../test/command-context.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { newDm, newName } from "../../../test/talk.ts";
import type { AttachmentSource } from "../../core/files.ts";
import { MAX_INSTRUCTION_CHARS } from "../../core/own-skills.ts";
import type { Reply } from "./reply.ts";
import { skillsGroup } from "./skills.ts";

const store = share(openEmbeddedStore);
const FILE = { id: "1", name: "SKILL.md", contentType: "text/markdown", sizeBytes: 1, url: "" };

/** A person at the commands, whose file holds `text`. */
function person(text = "") {
  const name = newName("ana");
  const fetch: AttachmentSource["fetch"] = async (_, maxBytes) => {
    const bytes = Buffer.from(text);
    return bytes.byteLength > maxBytes ? { kind: "too-large" } : { kind: "fetched", bytes };
  };
  const group = skillsGroup({ ownSkills: store().ownSkills, attachments: { fetch } });
  const context = commandContext(newDm(name), name);
  const words = (reply: string | Reply | undefined) =>
    typeof reply === "string" ? reply : (reply?.text ?? "");
  const command = (wanted: string) => {
    const found = group.commands.find((each) => each.name === wanted);
    assert(found);
    return found;
  };
  return {
    run: async (wanted: string, input: Record<string, string> = {}) =>
      words(await command(wanted).run(input, context)),
    give: async () =>
      words(await command("add").run({}, { ...context, attachments: { file: FILE } })),
    async write(fields: Record<string, string>) {
      const action = group.actions?.find((each) => each.name === "skills-write");
      assert(action && "run" in action);
      const outcome = await action.run({ data: {}, values: [], fields }, context);
      return outcome.kind === "replace" ? words(outcome.reply) : outcome.kind;
    },
    suggest: (typed: string) => command("remove").suggest?.["name"]?.(typed, {}, context),
  };
}

test("what is written into the form is kept, listed, proposed and removed", async () => {
  const ana = person();
  expect(await ana.run("list")).toContain("`/skills add`");

  const written = await ana.write({
    name: "check invoices",
    description: "How I check invoices",
    instructions: "Look at the sum first.",
  });

  expect(written).toContain("`check-invoices` is written down");
  expect(await ana.run("list")).toContain("- `check-invoices`: How I check invoices");
  expect(await ana.suggest("inv")).toEqual([{ name: "check-invoices", value: "check-invoices" }]);
  expect(await ana.run("remove", { name: "check-invoices" })).toContain("is gone");
  expect(await ana.run("remove", { name: "check-invoices" })).toContain("none of that name");
});

test("a SKILL.md is taken as it is", async () => {
  const ana = person("---\nname: tea\ndescription: How I make tea\n---\nWarm the pot.");

  expect(await ana.give()).toContain("`tea` is written down");
  expect(await ana.run("list")).toContain("- `tea`: How I make tea");
});

test.each([
  ["no head", "That is no SKILL.md: it has to begin with name and description"],
  ["---\nname: a b\ndescription: c\n---\nx", "name has to be letters, figures and dashes"],
  ["---\nname: tea\n---\nx", "description is missing"],
  ["---\nname: tea\ndescription: c\n---\n", "nothing to do in it"],
  ["x".repeat(MAX_INSTRUCTION_CHARS + 1), "longer than 20000 characters"],
  ["x".repeat(5 * MAX_INSTRUCTION_CHARS), "longer than 20000 characters"],
])("a file that is no skill is told why: %.20s", async (text, says) => {
  const ana = person(text);

  expect(await ana.give()).toContain(says);
  expect(await ana.run("list")).toContain("`/skills add`");
});

test("a name that cannot be one is told, and nothing is kept", async () => {
  const ana = person();

  const told = await ana.write({ name: "../x", description: "d", instructions: "i" });

  expect(told).toContain("letters, figures and dashes");
  expect(await ana.run("list")).toContain("`/skills add`");
});
