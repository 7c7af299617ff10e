import { expect } from "vitest";
import { mcpSecretName, type McpOwner } from "../../src/core/mcp.ts";
import { newMcpServer } from "../mcp-rows.ts";
import { played, type PlayedRow } from "./row.ts";
import type { Scene } from "./scene.ts";

/** A plug-in of this owner's, with a secret of its own; its name is not found by chance. */
async function plant({ store }: Scene, owner: McpOwner, name: string) {
  const server = newMcpServer({ owner, name, displayName: name });
  await store.mcpServers.add(server);
  await store.secrets.put(owner, mcpSecretName(server.id, "TOKEN"), `${name}-secret`);
  return server;
}

export const PLUG_IN_ROWS: readonly PlayedRow[] = [
  played([20, "M", "server", "installs a plug-in", "refused"], async ({ runs, people, store }) => {
    const shown = await runs(people.mod, "/mcp install source:files for:guild");

    expect(shown.content).toMatch(/Only whoever runs me|manage this server/);
    expect(shown.buttons.map(({ label }) => label)).not.toContain("Install");
    expect(JSON.stringify(await store.mcpServers.changed(null))).not.toContain('"files"');
  }),
  played([56, "B", "anywhere", "A's own plug-in", "not there for B"], async (scene) => {
    const { people, runs, scopeOf, store, general } = scene;
    const owner = {
      kind: "person",
      userId: scopeOf(people.ana, general).principal.userId,
    } as const;
    const { id, name } = await plant(scene, owner, "quincetools");

    const listed = await runs(people.ben, "/mcp list");
    const asked = await runs(people.ben, `/mcp status server:${id}`);
    const gone = await runs(people.ben, `/mcp uninstall server:${id}`);

    expect(listed.content + asked.content + gone.content).not.toContain(name);
    for (const where of [general, people.ben.dmPlace()])
      expect(await store.mcpServers.visible(scopeOf(people.ben, where))).toEqual([]);
    // Nor is it hers where others read along.
    expect(await store.mcpServers.visible(scopeOf(people.ana, general))).toEqual([]);
    expect((await runs(people.ana, "/mcp list", people.ana.dmPlace())).content).toContain(name);
    await store.mcpServers.remove(id);
  }),
  played(
    [57, "member", "DM", "a server's plug-in", "not there, nor its secrets"],
    async (scene) => {
      const { people, runs, scopeOf, store, general } = scene;
      const { guildId } = scopeOf(people.ben, general).principal;
      if (guildId === null) throw new Error("#general is in a server");
      const owner = { kind: "guild", guildId } as const;
      const { id, name } = await plant(scene, owner, "medlartools");
      const dm = people.ben.dmPlace();

      const here = await store.mcpServers.visible(scopeOf(people.ben, general));
      const inPrivate = await store.mcpServers.visible(scopeOf(people.ben, dm));

      expect(here.map((server) => server.name)).toEqual([name]);
      expect(inPrivate).toEqual([]);
      expect((await runs(people.ben, "/mcp list", dm)).content).not.toContain(name);
      const own = { kind: "person", userId: scopeOf(people.ben, dm).principal.userId } as const;
      expect(await store.secrets.get(own, mcpSecretName(id, "TOKEN"))).toEqual({ kind: "nothing" });
      await store.mcpServers.remove(id);
    },
  ),
];
