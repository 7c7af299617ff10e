/** How servers come and go, with real processes. */
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { guildId, userId } from "../../src/core/ids.ts";
import { aloneScope } from "../../src/core/principal.ts";
import { openPlugIns } from "./open-plug-ins.ts";
import { misbehaving, program } from "./programs.ts";

const BEN = userId("discord:100000000000000002");

test("a server that nobody uses goes to sleep, is offered all the same, and wakes with the next call", async () => {
  const { addApproved, until, offered, call, mcp } = await openPlugIns({}, { idleMs: 300 });
  const { id } = await addApproved(misbehaving("well"));

  await until(id, "off");
  const asleep = (await mcp.control.look(id)).pids;
  const answer = await call("bad__echo", { text: "good morning" });

  expect(asleep).toEqual([]);
  expect(offered().note).toBe(null);
  expect(answer.text).toBe('echo {"text":"good morning"}');
});

test("a person's own server is not begun at the start once it is known, but with the first call", async () => {
  const { add, store, mcp, offered, call } = await openPlugIns();
  const server = misbehaving("well", "", { owner: { kind: "person", userId: BEN } });
  await store.mcpServers.add(server);
  await store.mcpTools.see(server.id, [
    {
      name: "echo",
      offeredName: "bad__echo",
      hash: "h",
      description: "",
      inputSchema: {},
      outputSchema: null,
      annotations: {},
    },
  ]);
  await store.mcpTools.approve(server.id, BEN, [{ name: "echo", hash: "h" }]);
  await add(misbehaving("well", "", { name: "other" }));
  const scope = aloneScope("discord", BEN);

  const before = (await mcp.control.look(server.id)).pids;
  const names = offered(scope).tools.map(({ name }) => name);
  const answer = await call("bad__echo", {}, { scope });

  expect(before).toEqual([]);
  expect(names).toContain("bad__echo");
  expect(answer.text).toBe("echo {}");
});

test("a person's own server is nobody else's, and his alone where others read along", async () => {
  const { add, mcp, offered } = await openPlugIns();
  const { id } = await add(misbehaving("well", "", { owner: { kind: "person", userId: BEN } }));
  await mcp.review.approveAll(id, BEN);
  const own = aloneScope("discord", BEN);
  await expect.poll(() => offered(own).tools.length).toBe(1);
  const inServer = {
    principal: { ...own.principal, guildId: guildId("discord:9") },
    audience: { kind: "guild", guildId: guildId("discord:9") },
  } as const;

  expect(offered().tools).toEqual([]);
  expect(offered(inServer).tools).toEqual([]);
});

test("a server that is switched off ends, and is not told to models", async () => {
  const { addApproved, until, offered, store, mcp } = await openPlugIns();
  const { id } = await addApproved(misbehaving("well"));

  await store.mcpServers.change(id, { isEnabled: false });
  mcp.control.poke();
  await until(id, "off");

  expect(offered()).toEqual({ tools: [], specs: [], note: null });
  expect((await mcp.control.look(id)).pids).toEqual([]);
});

test("a server whose source changes is started anew where that is wanted", async () => {
  const { add, folder, mcp, until } = await openPlugIns();
  const source = join(folder, "source");
  await mkdir(source);
  await copyFile(join(import.meta.dirname, "misbehaving.ts"), join(source, "server.ts"));
  const server = program("mine", [join(source, "server.ts")], {
    source: { kind: "path", path: source },
    isHotReload: true,
  });
  const { id } = await add(server);
  const [before] = (await mcp.control.look(id)).pids;

  const text = await readFile(join(source, "server.ts"), "utf8");
  await writeFile(join(source, "server.ts"), text.replace('tool("echo")', 'tool("renamed")'));

  await expect
    .poll(async () => (await mcp.review.tools(id)).map(({ tool }) => tool.name), {
      timeout: 10_000,
    })
    .toEqual(["renamed"]);
  expect((await until(id, "ready")).status.detail).toContain("1 new tools wait");
  expect((await mcp.control.look(id)).pids).not.toContain(before);
});

test("the tools of a server in the operator's own files are agreed to when they are first listed, and not later", async () => {
  const { add, offered, until } = await openPlugIns();

  const { id } = await add(misbehaving("changes-on-call", "", { origin: "file" }));
  await expect.poll(() => offered().tools.length).toBe(2);
  const { tools } = offered();
  await tools[0]?.run({}, {
    scope: aloneScope("discord", BEN),
    signal: AbortSignal.timeout(5_000),
  } as never);
  await expect.poll(() => offered().tools.length).toBe(1);

  expect((await until(id, "ready")).status.detail).toContain("changed since");
});

test("what was agreed to before an install is agreed to after it, and nothing else", async () => {
  const { mcp, store, offered } = await openPlugIns();
  const server = misbehaving("well");

  const tried = await mcp.control.tryOut(server, new Map(), AbortSignal.timeout(10_000));
  await store.mcpServers.add(server);
  const agreed = await mcp.review.approveAll(server.id, BEN, tried);
  await expect.poll(() => offered().tools.map(({ name }) => name)).toEqual(["bad__echo"]);

  expect(agreed).toBe(1);
  expect(tried).toMatchObject({
    serverName: "misbehaving",
    protocolVersion: "2025-11-25",
    left: [],
  });
});

test("two servers of one name offer their tools by two names", async () => {
  const { addApproved, add, mcp, offered } = await openPlugIns();
  await addApproved(misbehaving("well"));
  const other = await add(misbehaving("well", "", { owner: { kind: "person", userId: BEN } }));
  await mcp.review.approveAll(other.id, BEN);
  const own = aloneScope("discord", BEN);

  await expect.poll(() => offered(own).tools.length).toBe(2);

  expect(offered(own).tools.map(({ name }) => name)).toEqual([
    "bad__echo",
    expect.stringMatching(/^bad__echo_[0-9a-f]{6}$/),
  ]);
});

test("a program that is not there, and a key that is missing, are told in words", async () => {
  const { add } = await openPlugIns();
  const launch = { ...program("x", []).launch, command: "no-such-program" } as const;

  const absent = await add(program("absent", [], { launch }), "failing");
  const keyless = await add(program("keyless", [], {}, { secretEnv: ["API_KEY"] }), "failing");

  expect(absent.status.detail).toContain("there is no no-such-program");
  expect(keyless.status.detail).toContain("It needs a value for API_KEY");
});

test("what is to run in a container does not run without one", async () => {
  const { add } = await openPlugIns();
  const { launch } = program("x", []);

  const { status } = await add(
    program("boxed", [], { launch: { ...launch, isolation: "container" } as never }),
    "failing",
  );

  expect(status.detail).toContain("container");
});
