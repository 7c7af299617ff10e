import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openKledo } from "../../src/servers/kledo/open-kledo.ts";
import { serverMachine } from "./machine.ts";

const DOC = readFileSync("docs/SERVERS.md", "utf8");

test("docs/SERVERS.md counts and names every tool of the Kledo server", async () => {
  await using server = await openKledo(serverMachine({}), { isDemo: true });
  const { tools, resources, prompts } = server.definition;
  const [, section = ""] = DOC.split("\n## Kledo\n");
  const [ours = ""] = section.split("\n## ");

  const named = [...ours.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);

  expect(named).toEqual(tools.map(({ name }) => name));
  expect(DOC).toMatch(
    new RegExp(
      `\\[kledo\\][^|]*\\| ${tools.length} \\| ${resources.length} \\| ${prompts.length} \\|`,
    ),
  );
});
