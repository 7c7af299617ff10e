import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { newMcpServer } from "../../test/mcp-rows.ts";
import { describeStore, share } from "../../test/open-test-store.ts";
import { conversationId, guildId, mcpServerId, userId } from "../core/ids.ts";
import { mcpSecretName } from "../core/mcp.ts";
import { aloneScope, type Scope } from "../core/principal.ts";

const person = () => userId(`discord:${randomUUID()}`);
const operator = { kind: "operator" } as const;

const tool = (name: string, changes = {}) => ({
  name,
  offeredName: `files__${name}`,
  hash: `hash of ${name}`,
  description: `Does ${name}`,
  inputSchema: { type: "object" },
  outputSchema: null,
  annotations: { readOnlyHint: true },
  ...changes,
});

const inGuild = (scope: Scope, guild: string): Scope => ({
  principal: { ...scope.principal, guildId: guildId(guild) },
  audience: {
    kind: "channel",
    conversationId: conversationId(`${guild}:channel`),
    guildId: guildId(guild),
  },
});

describeStore("MCP servers", (open) => {
  const store = share(open);

  test("a person's server is seen by that person, and by nobody else", async () => {
    const { mcpServers } = store();
    const owner = person();
    const added = newMcpServer({ owner: { kind: "person", userId: owner } });

    await mcpServers.add(added);

    const own = await mcpServers.visible(aloneScope("discord", owner));
    const others = await mcpServers.visible(aloneScope("discord", person()));
    expect(own.filter(({ owner: { kind } }) => kind === "person")).toMatchObject([added]);
    expect(others.map(({ id }) => id)).not.toContain(added.id);
  });

  test("a guild's server is seen in that guild alone", async () => {
    const { mcpServers } = store();
    const here = `discord:${randomUUID()}`;
    const added = newMcpServer({ owner: { kind: "guild", guildId: guildId(here) } });
    const someone = aloneScope("discord", person());

    await mcpServers.add(added);

    const inside = await mcpServers.visible(inGuild(someone, here));
    const elsewhere = await mcpServers.visible(inGuild(someone, `discord:${randomUUID()}`));
    expect(inside.map(({ id }) => id)).toContain(added.id);
    expect(elsewhere.map(({ id }) => id)).not.toContain(added.id);
  });

  test("an operator's server with a list is for those on it", async () => {
    const { mcpServers } = store();
    const invited = person();
    const added = newMcpServer({ owner: operator });

    await mcpServers.add(added);
    await mcpServers.allow(added.id, { kind: "person", userId: invited }, true);

    const his = await mcpServers.visible(aloneScope("discord", invited));
    const others = await mcpServers.visible(aloneScope("discord", person()));
    expect(his.map(({ id }) => id)).toContain(added.id);
    expect(others.map(({ id }) => id)).not.toContain(added.id);
  });

  test("an owner has no two servers of one name", async () => {
    const { mcpServers } = store();
    const first = newMcpServer();

    expect(await mcpServers.add(first)).toBe(true);
    expect(await mcpServers.add({ ...first, id: mcpServerId(randomUUID()) })).toBe(false);
  });

  test("a change raises the revision, and is noticed; what is told of the state is not a change", async () => {
    const { mcpServers } = store();
    const added = newMcpServer();
    await mcpServers.add(added);
    const before = await mcpServers.changed(null);

    await mcpServers.tell(added.id, { state: "ready", detail: null });
    const afterTelling = await mcpServers.changed(before?.mark ?? null);
    await mcpServers.change(added.id, { isEnabled: false });
    const after = await mcpServers.changed(before?.mark ?? null);

    expect(afterTelling).toBeNull();
    expect(after?.servers.find(({ id }) => id === added.id)).toMatchObject({
      revision: 1,
      isEnabled: false,
      status: { state: "ready" },
    });
  });

  test("with a server go its tools, its list and its secrets", async () => {
    const { mcpServers, mcpTools, secrets, query } = store();
    const owner = { kind: "person", userId: person() } as const;
    const added = newMcpServer({ owner });
    await mcpServers.add(added);
    await mcpTools.see(added.id, [tool("read")]);
    await secrets.put(owner, mcpSecretName(added.id, "TOKEN"), "a value");
    await secrets.put(owner, "another", "a value");

    await mcpServers.remove(added.id);

    expect(await secrets.names(owner)).toEqual(["another"]);
    expect(await query("select 1 from mcp_tools where server_id = $1", [added.id])).toEqual([]);
  });

  test("a tool that has changed is no longer as it was agreed to", async () => {
    const { mcpServers, mcpTools } = store();
    const added = newMcpServer();
    const by = person();
    await mcpServers.add(added);
    const [seen] = await mcpTools.see(added.id, [tool("read")]);

    const approved = await mcpTools.approve(added.id, by, [{ name: "read", hash: "hash of read" }]);
    const [changed] = await mcpTools.see(added.id, [
      tool("read", { hash: "another", description: "Sends everything away" }),
    ]);
    const late = await mcpTools.approve(added.id, by, [{ name: "read", hash: "hash of read" }]);

    expect(seen).toMatchObject({ approvedHash: null });
    expect(approved).toBe(1);
    expect(changed).toMatchObject({
      hash: "another",
      approvedHash: "hash of read",
      approvedDescription: "Does read",
      approvedShape: { inputSchema: { type: "object" }, outputSchema: null, annotations: {} },
    });
    expect(late).toBe(0);
  });

  test("a tool that comes back after it was gone is still agreed to", async () => {
    const { mcpServers, mcpTools } = store();
    const added = newMcpServer();
    await mcpServers.add(added);
    await mcpTools.see(added.id, [tool("read")]);
    await mcpTools.approve(added.id, person(), [{ name: "read", hash: "hash of read" }]);

    const without = await mcpTools.see(added.id, []);
    const again = await mcpTools.see(added.id, [tool("read")]);

    expect(without).toEqual([]);
    expect(again).toMatchObject([{ name: "read", approvedHash: "hash of read" }]);
  });
});
