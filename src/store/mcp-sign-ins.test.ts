import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { newMcpServer } from "../../test/mcp-rows.ts";
import { describeStore, share } from "../../test/open-test-store.ts";
import { newDm, newName } from "../../test/talk.ts";
import type { BegunSignIn } from "../core/mcp-sign-ins.ts";
import type { Scope } from "../core/principal.ts";
import type { Store } from "./index.ts";

const NOW = new Date("2026-11-25T12:00:00Z");
const LATER = new Date("2026-11-25T12:10:00Z");

describeStore("sign-ins at MCP servers", (open) => {
  const store = share(open);

  test("what was begun is ended once, by whoever holds the state", async () => {
    const { begun, stateHash, scope } = await begin(store());

    const looked = await store().mcpSignIns.look(stateHash, NOW);
    const finished = await store().mcpSignIns.finish(stateHash, NOW);
    const again = await store().mcpSignIns.finish(stateHash, NOW);

    const { userId, displayName: name } = scope.principal;
    expect(looked).toEqual({ ...begun, startedBy: { userId, name } });
    expect(finished).toEqual({ kind: "finished", begun: looked });
    expect(again).toEqual({ kind: "unknown" });
  });

  test("who comes late is told so, once, and can look at nothing", async () => {
    const { stateHash } = await begin(store());

    expect(await store().mcpSignIns.look(stateHash, LATER)).toBeNull();
    expect(await store().mcpSignIns.keep(stateHash, "more", LATER)).toBe(false);
    expect(await store().mcpSignIns.finish(stateHash, LATER)).toEqual({ kind: "expired" });
    expect(await store().mcpSignIns.finish(stateHash, LATER)).toEqual({ kind: "unknown" });
  });

  test("a newer one of the same person takes the place of an earlier one", async () => {
    const earlier = await begin(store());
    const newer = await begin(store(), earlier);

    expect(await store().mcpSignIns.look(earlier.stateHash, NOW)).toBeNull();
    expect(await store().mcpSignIns.of(earlier.scope, earlier.begun.serverId)).toEqual({
      stateHash: newer.stateHash,
      expiresAt: LATER,
    });
  });

  test("two people's do not touch each other", async () => {
    const one = await begin(store());
    const name = newName("ben");
    const other = await begin(store(), { begun: one.begun, scope: newDm(name).scope(name) });

    await store().mcpSignIns.forget(other.scope.principal.userId, one.begun.serverId);

    expect(await store().mcpSignIns.of(other.scope, one.begun.serverId)).toBeNull();
    expect(await store().mcpSignIns.of(one.scope, one.begun.serverId)).not.toBeNull();
  });

  test("what is kept can be changed, and lies sealed in its row", async () => {
    const { stateHash } = await begin(store());

    expect(await store().mcpSignIns.keep(stateHash, "the browser's", NOW)).toBe(true);

    const rows = await store().query("select sealed from mcp_sign_ins where state_hash = $1", [
      stateHash,
    ]);
    expect((await store().mcpSignIns.look(stateHash, NOW))?.kept).toBe("the browser's");
    expect(rows[0]?.["sealed"]).toMatch(/^v1\./);
    expect(JSON.stringify(rows)).not.toContain("browser");
  });

  test("what lies in one row opens in no other", async () => {
    const one = await begin(store());
    const name = newName("ben");
    const other = await begin(store(), { begun: one.begun, scope: newDm(name).scope(name) });

    await store().query(
      "update mcp_sign_ins set sealed = (select sealed from mcp_sign_ins where state_hash = $1) where state_hash = $2",
      [one.stateHash, other.stateHash],
    );

    expect(await store().mcpSignIns.look(other.stateHash, NOW)).toBeNull();
    expect(await store().mcpSignIns.finish(other.stateHash, NOW)).toEqual({ kind: "unknown" });
  });

  test("goes with its server", async () => {
    const { begun, stateHash } = await begin(store());

    await store().mcpServers.remove(begun.serverId);

    expect(await store().mcpSignIns.finish(stateHash, NOW)).toEqual({ kind: "unknown" });
  });
});

interface Given {
  readonly begun?: Omit<BegunSignIn, "startedBy">;
  readonly scope?: Scope;
}

async function begin(store: Store, given: Given = {}) {
  const name = newName("ana");
  const scope = given.scope ?? newDm(name).scope(name);
  const begun = given.begun ?? (await newBegun(store));
  const stateHash = randomUUID();
  await store.mcpSignIns.begin(scope, stateHash, begun);
  return { begun, stateHash, scope };
}

async function newBegun(store: Store) {
  const server = newMcpServer({ owner: { kind: "operator" }, name: randomUUID().slice(0, 8) });
  await store.mcpServers.add(server);
  const holder = { kind: "operator" } as const;
  return { serverId: server.id, holder, kept: "the verifier", expiresAt: LATER };
}
