import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandContext } from "../../../test/command-context.ts";
import { openDesk, type OpenDesk } from "../../../test/mcp/open-desk.ts";
import { TINY_SERVER } from "../../../test/mcp/tiny-server.ts";
import { newMcpServer } from "../../../test/mcp-rows.ts";
import { newChannel, newDm, newName } from "../../../test/talk.ts";
import { mcpSecretName } from "../../core/mcp.ts";
import type { Pressed } from "./define-action.ts";
import type { CommandContext } from "./define-command.ts";
import { mcpGroup } from "./mcp.ts";
import type { Control, Form, Reply } from "./reply.ts";

const OPERATOR = { isOperator: true } as const;
const ADMIN = { isGuildAdmin: true } as const;

/** Somebody at `/mcp`, in a channel of a server. */
function person(
  desk: OpenDesk["desk"],
  rights: Partial<CommandContext> = {},
  place = newChannel(),
) {
  const name = newName("ana");
  const { commands, actions = [] } = mcpGroup(desk);
  const context = commandContext(place, name, rights);
  const asReply = (reply: string | Reply): Reply =>
    typeof reply === "string" ? { text: reply } : reply;
  return {
    context,
    async runs(command: string, input: Record<string, string> = {}) {
      const found = commands.find((each) => each.name === command);
      assert(found, `no command ${command}`);
      return asReply(await found.run(input, context));
    },
    /** What a press shows; of a form, with these fields filled in. */
    async presses(reply: Reply, label: string, pressed: Partial<Pressed> = {}) {
      const control = controlOf(reply, label);
      assert("action" in control);
      const opened = actions.find((each) => each.name === control.action);
      assert(opened);
      const given = { data: control.data, values: [], fields: {}, ...pressed };
      const form: Form | null = "form" in opened ? opened.form(given, context) : null;
      const action = form === null ? opened : actions.find((each) => each.name === form.action);
      assert(action && "run" in action);
      const outcome = await action.run({ ...given, data: form?.data ?? given.data }, context);
      assert(outcome.kind !== "nothing");
      return { ...outcome.reply, kind: outcome.kind };
    },
  };
}

const labelsOf = ({ rows = [] }: Reply): readonly string[] =>
  rows.flat().map((control) => (control.kind === "select" ? control.placeholder : control.label));

function controlOf({ rows = [] }: Reply, label: string): Control {
  const found = rows
    .flat()
    .find((control) => (control.kind === "select" ? control.placeholder : control.label) === label);
  assert(found, `no control ${label}`);
  return found;
}

const manifest = (name: string, more: object = {}) => ({
  name,
  version: "1.0.0",
  bin: { [name]: "index.js" },
  repository: `https://github.com/maker/${name}`,
  ...more,
});

test("a package is installed after a look, its keys asked in private, and its tools are nothing until somebody agrees", async () => {
  const { desk, sources, call, offered, until, store, folder } = await openDesk();
  await sources.npm.publish({ manifest: manifest("tiny-mcp"), files: { "index.js": TINY_SERVER } });
  const operator = person(desk, OPERATOR);

  const card = await operator.runs("install", { source: "tiny-mcp", arguments: "--quick" });
  expect(card.text).toContain("node node_modules/tiny-mcp/index.js --quick");
  expect(card.text).toContain("Nothing of it has run");
  expect(sources.npm.fetched).toEqual([]);

  const installed = await operator.presses(card, "Enter keys and install", {
    fields: { more: "TINY_KEY=s3cret" },
  });
  const [row] = (await desk.servers.changed(null))?.servers ?? [];
  assert(row);
  await until(row.id, "ready");
  const tools = await operator.presses(installed, "Look again");
  expect(tools.text).toMatch(/🆕 \*\*env\*\*[^]*🆕 \*\*say\*\*/);
  expect(offered().tools).toEqual([]);

  const agreed = await operator.presses(tools, "Agree to some of them only", { values: ["0"] });
  expect(agreed.text).toContain("Agreed to 1 tool");
  await expect.poll(() => offered().tools.map(({ name }) => name)).toEqual(["tiny__env"]);
  const all = await operator.presses(agreed, "Agree to all 1");
  expect(labelsOf(all)).toEqual(["Look again"]);
  await expect.poll(() => offered().tools.length).toBe(2);

  // What was kept secret is told to nobody, not even by the server that was given it.
  expect((await call("tiny__env")).text).toContain('["[secret]",["--quick"]]');
  expect(JSON.stringify(row)).not.toContain("s3cret");
  expect(row.launch).toMatchObject({ secretEnv: ["TINY_KEY"] });

  const asked = await operator.runs("uninstall", { server: "tiny" });
  const gone = await operator.presses(asked, "Take it away");
  expect(gone.text).toContain("is gone");
  expect((await store.secrets.get(row.owner, mcpSecretName(row.id, "TINY_KEY"))).kind).toBe(
    "nothing",
  );
  expect(existsSync(join(folder, "mcp", "programs", row.id))).toBe(false);
  await expect.poll(() => offered().tools).toEqual([]);
});

test("who may not install is told why, and a press asks again", async () => {
  const { desk, sources } = await openDesk();
  await sources.npm.publish({ manifest: manifest("tiny-mcp"), files: { "index.js": TINY_SERVER } });
  const operator = person(desk, OPERATOR);
  const card = await operator.runs("install", { source: "tiny-mcp" });

  const member = person(desk);
  expect((await member.runs("install", { source: "tiny-mcp" })).text).toContain(
    "Only people who may manage this server",
  );
  expect((await member.runs("install", { source: "tiny-mcp", for: "person" })).text).toContain(
    "It runs as a program",
  );
  expect((await member.runs("install", { source: "tiny-mcp", for: "operator" })).text).toContain(
    "Only whoever runs me",
  );
  const admin = person(desk, ADMIN);
  expect((await admin.runs("install", { source: "tiny-mcp" })).text).toContain(
    "without a container",
  );
  const strict = { ...desk, installer: { ...desk.installer, adminsRunPrograms: false } };
  expect((await person(strict, ADMIN).runs("install", { source: "kledo" })).text).toContain(
    "CLARA_MCP_ADMINS",
  );
  expect((await admin.runs("install", { source: "kledo" })).text).toContain("serve kledo");
  expect((await admin.runs("install", { source: "/etc" })).text).toContain(
    "Only whoever runs me may name folders",
  );
  const pressed = await member.presses(card, "Install as it is");
  expect(pressed).toMatchObject({
    kind: "whisper",
    text: expect.stringContaining("Only whoever runs me") as string,
  });
  expect((await desk.servers.changed(null))?.servers).toEqual([]);
});

test("what cannot be installed is told in words, and nothing is kept", async () => {
  const { desk, sources, store } = await openDesk();
  await sources.npm.publish({ manifest: manifest("tiny-mcp"), files: { "index.js": TINY_SERVER } });
  const operator = person(desk, OPERATOR);

  expect((await operator.runs("install", { source: "owner/repo --upload-pack=x" })).text).toContain(
    "white space",
  );
  expect((await operator.runs("install", { source: "nobody-has-this-mcp" })).text).toContain(
    "npm has no package",
  );
  const card = await operator.runs("install", { source: "tiny-mcp" });
  const wrong = await operator.presses(card, "Enter keys and install", {
    fields: { more: "not a variable" },
  });
  expect(wrong.text).toContain("NAME=value");
  const path = await operator.presses(card, "Enter keys and install", {
    fields: { more: "PATH=/tmp" },
  });
  expect(path.text).toContain("`PATH` changes how programs run");
  expect((await operator.presses(card, "Cancel")).text).toBe("Nothing was installed.");
  await operator.presses(card, "Install as it is");
  expect((await operator.presses(card, "Install as it is")).text).toContain(
    "There is a server `tiny` already",
  );
  expect(
    (await store.secrets.names({ kind: "operator" })).filter((name) => name.startsWith("mcp:")),
  ).toEqual([]);
});

test("a server is switched, shown and shared by whoever it belongs to, and by nobody else", async () => {
  const { desk } = await openDesk();
  const place = newChannel();
  const admin = person(desk, ADMIN, place);
  const member = person(desk, {}, place);
  const keeper = person(desk, { isChannelManager: true }, place);
  const { guildId } = admin.context.scope.principal;
  assert(guildId);
  const server = newMcpServer({
    owner: { kind: "guild", guildId },
    name: "notes",
    isEnabled: false,
  });
  await desk.servers.add(server);
  const own = newMcpServer({
    owner: { kind: "person", userId: member.context.scope.principal.userId },
    name: "mine",
  });
  await desk.servers.add({ ...own, isEnabled: false });

  expect((await member.runs("list")).text).toMatch(
    /\*\*mine\*\*.*yours[^]*\*\*notes\*\*.*switched off, of this server/,
  );
  expect((await admin.runs("list")).text).not.toContain("mine");
  expect((await member.runs("enable", { server: "notes" })).text).toContain(
    "whoever it belongs to",
  );
  expect((await keeper.runs("enable", { server: "notes" })).text).toContain("is switched on");
  expect((await keeper.runs("uninstall", { server: "notes" })).text).toContain(
    "whoever it belongs to",
  );
  expect((await admin.runs("disable", { server: "notes" })).text).toContain("is switched off");
  expect((await admin.runs("restart", { server: "notes" })).text).toContain("/mcp enable");
  expect((await admin.runs("enable", { server: "mine" })).text).toContain("no such server");
  expect((await member.runs("enable", { server: own.id })).text).toContain("is switched on");
  const stranger = person(desk);
  expect((await stranger.runs("status", { server: server.id })).text).toContain("no such server");
  expect((await member.runs("status", { server: "notes" })).text).toContain("**Source:**");
  expect(
    (await admin.runs("access", { server: "notes", who: "person", person: "42" })).text,
  ).toContain("1 person, out of the people of its server");
  expect((await desk.servers.byId(server.id))?.access).toEqual([
    { kind: "person", userId: "discord:42" },
  ]);
  expect((await member.runs("access", { server: "mine", who: "place" })).text).toContain(
    "In 1 place",
  );
  expect(
    (await member.runs("access", { server: "mine", who: "place", allowed: "off" })).text,
  ).not.toContain("In 1 place");
});

test("registries are searched, and one that is away is told", async () => {
  const { desk, sources } = await openDesk();
  const server = {
    name: "io.github.maker/notes",
    description: "Keeps **notes** @everyone",
    version: "1.0.0",
  };
  sources.shelves.registry.set("io.github.maker/notes", { server });
  sources.shelves.smithery.set("maker/notes", {
    qualifiedName: "maker/notes",
    displayName: "Notes",
    description: "x",
  });

  const { text } = await person(desk).runs("search", { query: "notes" });

  expect(text).toContain("`io.github.maker/notes` (MCP registry): Keeps notes everyone");
  expect(text).toContain("`smithery-hosted:maker/notes` Notes (Smithery)");
  expect((await person(desk).runs("search", { query: "kledo" })).text).toContain(
    "`kledo` (ships with me)",
  );
});

test("a maker's own server is offered to whoever set its key, and takes it without asking", async () => {
  const { desk, store } = await openDesk({ GITHUB_TOKEN: "ghp-token" });
  const operator = person(desk, OPERATOR);

  expect((await operator.runs("list")).text).toContain("/mcp install source:github");
  const card = await operator.runs("install", { source: "github" });
  await operator.presses(card, "Install as it is");

  const [row] = (await desk.servers.changed(null))?.servers ?? [];
  assert(row);
  expect(row).toMatchObject({
    origin: "preset",
    launch: { secretHeaders: ["Authorization"], auth: "none" },
  });
  const found = await store.secrets.get(row.owner, mcpSecretName(row.id, "Authorization"));
  expect(found.kind === "found" && found.secret.reveal()).toBe("Bearer ghp-token");
  // It is the operator's key: somebody else's installation asks for another.
  const own = await person(desk, {}, newDm("ben")).runs("install", { source: "github" });
  expect(labelsOf(own)).toEqual(["Enter keys and install", "Cancel"]);
});

test("a server that ships with her is this very program, and runs with made-up data", async () => {
  const { desk } = await openDesk({}, null, { paces: { startMs: 60_000 } });
  const operator = person(desk, OPERATOR);

  const card = await operator.runs("install", { source: "kledo", arguments: "--demo" });
  expect(card.text).toContain("serve kledo --demo");
  await operator.presses(card, "Install");

  const [row] = (await desk.servers.changed(null))?.servers ?? [];
  assert(row);
  await expect
    .poll(async () => (await desk.review.tools(row.id)).length, { timeout: 60_000 })
    .toBeGreaterThan(10);
});
