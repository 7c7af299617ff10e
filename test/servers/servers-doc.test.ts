import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openKledo } from "../../src/servers/kledo/open-kledo.ts";
import { openQontak } from "../../src/servers/qontak/open-qontak.ts";
import { serverMachine } from "./machine.ts";

const DOC = readFileSync("docs/SERVERS.md", "utf8");

test.each([
  { name: "kledo", title: "Kledo", open: openKledo },
  { name: "qontak", title: "Qontak", open: openQontak },
])(
  "docs/SERVERS.md counts and names every tool of the $title server",
  async ({ name, title, open }) => {
    await using server = await open(serverMachine({}), { isDemo: true });
    const { tools, resources, prompts } = server.definition;
    const [, section = ""] = DOC.split(`\n## ${title}\n`);
    const [ours = ""] = section.split("\n## ");

    const named = [...ours.matchAll(/^\| `(\w+)` \|/gm)].map(([, tool]) => tool);

    expect(named).toEqual(tools.map((tool) => tool.name));
    expect(DOC).toMatch(
      new RegExp(
        `\\[${name}\\][^|]*\\| ${tools.length} \\| ${resources.length} \\| ${prompts.length} \\|`,
      ),
    );
  },
);
