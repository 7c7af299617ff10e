import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { commandContext } from "../../../test/command-context.ts";
import { openPlugIns } from "../../../test/mcp/open-plug-ins.ts";
import { program } from "../../../test/mcp/programs.ts";
import { newChannel, newName } from "../../../test/talk.ts";
import { promptCommand } from "./mcp-prompt.ts";

const EVERYTHING = createRequire(import.meta.url).resolve(
  "@modelcontextprotocol/server-everything/dist/index.js",
);

test("the texts that a server keeps ready are suggested, filled in, and shown as a stranger's words", async () => {
  const { add, mcp } = await openPlugIns();
  await add(program("everything", [EVERYTHING]));
  const context = commandContext(newChannel(), newName("ana"));
  const { run, suggest } = promptCommand(mcp);

  const suggested = await suggest?.["prompt"]?.("ARGS", {}, context);
  const asked = await run({ prompt: "everything/args-prompt" }, context);
  const shown = await run({ prompt: "everything/args-prompt", values: "city=Oslo" }, context);
  const unknown = await run({ prompt: "everything/none" }, context);

  expect(suggested?.map(({ value }) => value)).toEqual(["everything/args-prompt"]);
  expect(asked).toContain("- `city`");
  expect(shown).toContain("a stranger's words");
  expect(shown).toMatch(/^> .*Oslo/m);
  expect(unknown).toContain("no such text");
});
