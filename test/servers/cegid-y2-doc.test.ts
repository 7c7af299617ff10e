import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openCegidY2 } from "../../src/servers/cegid-y2/open-cegid-y2.ts";
import { serverMachine } from "./machine.ts";

const DOC = readFileSync("docs/SERVERS.md", "utf8");
const OURS = DOC.split("\n## Cegid Y2\n")[1]?.split("\n## ")[0] ?? "";
const first = (pattern: RegExp): readonly (string | undefined)[] =>
  [...OURS.matchAll(pattern)].map(([, name]) => name);

test("docs/SERVERS.md counts and names all tools, resources and prompts of the Cegid Y2 server", async () => {
  await using server = await openCegidY2(serverMachine({}), { isDemo: true });
  const { tools, resources, prompts } = server.definition;

  const named = first(/^\| `([^`]+)` \|/gm);

  expect(named).toEqual([
    ...tools.map(({ name }) => name),
    ...resources.map(({ uri }) => uri),
    ...prompts.map(({ name }) => name),
  ]);
  expect(DOC).toContain(
    `README.md) | ${tools.length} | ${resources.length} | ${prompts.length} | shops of Cegid Y2`,
  );
});
