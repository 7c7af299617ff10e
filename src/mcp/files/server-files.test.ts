import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { mcpServerId } from "../../core/ids.ts";
import { silentLog } from "../../core/log.ts";
import { mcpSecretName } from "../../core/mcp.ts";
import { readFileEntries } from "./read-entry.ts";
import { createServerFiles } from "./server-files.ts";

const store = share(openEmbeddedStore);
const OPERATOR = { kind: "operator" } as const;

/** A folder of servers, and the rows that follow it. */
async function openFolder(variables: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "clara-test-servers-"));
  const removed: string[] = [];
  const { mcpServers, secrets } = store();
  const files = createServerFiles(
    {
      servers: mcpServers,
      secrets,
      programs: { remove: async (id) => void removed.push(id) },
      createId: () => mcpServerId(randomUUID()),
      log: silentLog,
      poke: () => {},
    },
    { folder, variables },
  );
  return {
    ...files,
    folder,
    removed,
    write: async (path: string, content: unknown) => {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(
        join(folder, path),
        typeof content === "string" ? content : JSON.stringify(content),
      );
    },
    drop: (path: string) => rm(join(folder, path), { recursive: true }),
    row: async (name: string) =>
      (await mcpServers.changed(null))?.servers.find(
        (row) => row.origin === "file" && row.name === name,
      ),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true });
      await files.refresh();
      for (const row of (await mcpServers.changed(null))?.servers ?? [])
        if (row.origin === "file") await mcpServers.remove(row.id);
    },
  };
}

const secretOf = async (id: string, name: string) => {
  const found = await store().secrets.get(OPERATOR, mcpSecretName(mcpServerId(id), name));
  return found.kind === "found" ? found.secret.reveal() : found.kind;
};

test("files in the original's format and in the common one become rows, and what they keep secret is sealed", async () => {
  await using files = await openFolder({ NOTES_KEY: "s3cret" });
  await files.write("local/notes/config.json", {
    name: "my-notes",
    command: "node",
    args: ["server.js", 7],
    cwd: "/srv/notes",
    env: { KEY: "${NOTES_KEY}", MODE: "fast" },
    display_name: "Notes",
    source_type: "local",
    hot_reload: true,
  });
  await files.write("remote/linear/config.json", {
    mcpServers: { linear: { serverUrl: "https://mcp.linear.app/mcp", headers: {} } },
    _metadata: { display_name: "Linear", timeout: 45, enabled: false },
  });
  await files.write("claude.json", {
    mcpServers: {
      fetch: { command: "uvx", args: ["mcp-server-fetch"] },
      old: { url: "https://x.test/sse", type: "sse", headers: { "X-Key": "k" } },
    },
  });

  expect(await files.refresh()).toBe("4 in files: 4 new, 0 changed, 0 gone.");

  const notes = await files.row("my_notes");
  expect(notes).toMatchObject({
    owner: OPERATOR,
    displayName: "Notes",
    launch: {
      command: "node",
      args: ["server.js", "7"],
      cwd: "/srv/notes",
      env: {},
      secretEnv: ["KEY", "MODE"],
    },
    isHotReload: true,
  });
  expect(JSON.stringify(notes)).not.toContain("s3cret");
  expect(await secretOf(notes?.id ?? "", "KEY")).toBe("s3cret");
  expect(await files.row("linear")).toMatchObject({
    isEnabled: false,
    timeoutMs: 45_000,
    launch: { auth: "person" },
  });
  expect(await files.row("old")).toMatchObject({
    launch: { transport: "sse", secretHeaders: ["X-Key"], auth: "none" },
  });
  expect(await files.refresh()).toBe("4 in files: 0 new, 0 changed, 0 gone.");
});

test("rows follow their files: a change starts a server anew, and what is gone goes with its files", async () => {
  await using files = await openFolder();
  await files.write("a.json", {
    mcpServers: {
      one: { command: "node", args: ["1"], env: { K: "1" } },
      two: { command: "node" },
    },
  });
  await files.refresh();
  const before = await files.row("one");
  await store().mcpServers.change(mcpServerId(before?.id ?? ""), { isEnabled: false });

  await files.write("a.json", {
    mcpServers: { one: { command: "node", args: ["1"], env: { K: "2" } } },
  });
  const two = await files.row("two");

  expect(await files.refresh()).toBe("1 in files: 0 new, 1 changed, 1 gone.");
  const after = await files.row("one");
  expect(after).toMatchObject({ id: before?.id, isEnabled: false });
  expect(after?.revision).toBeGreaterThan(before?.revision ?? 0);
  expect(await secretOf(after?.id ?? "", "K")).toBe("2");
  expect(files.removed).toEqual([two?.id]);
});

test("a broken file is told, and takes nothing away of what was there", async () => {
  await using files = await openFolder();
  await files.write("good.json", { mcpServers: { good: { command: "node" } } });
  await files.write("other.json", { mcpServers: { other: { command: "node" } } });
  await files.refresh();

  await files.write("other.json", "{ half");
  await files.write("local/odd/config.json", {
    name: "odd",
    command: "node",
    env: { LD_PRELOAD: "/x.so" },
  });
  const said = await files.refresh();

  expect(said).toContain("other.json: it is no JSON");
  expect(said).toContain("local/odd/config.json: `odd`: `LD_PRELOAD` changes how programs run");
  expect(await files.row("other")).toBeDefined();
  expect(await files.row("good")).toBeDefined();
});

test("a change in the folder is seen without being told", async () => {
  await using files = await openFolder();
  const stopping = new AbortController();
  const running = files.service.run(stopping.signal);

  await files.write("late.json", { mcpServers: { late: { command: "node" } } });
  await expect.poll(() => files.row("late"), { timeout: 20_000 }).toBeDefined();
  await files.drop("late.json");
  await expect.poll(() => files.row("late"), { timeout: 20_000 }).toBeUndefined();

  stopping.abort();
  await running;
});

test.each([
  ["no json", "[", /no JSON/],
  ["nothing of a server", "{}", /neither/],
  ["no program", { mcpServers: { a: {} } }, /neither a program nor an address/],
  [
    "another scheme",
    { mcpServers: { a: { url: "file:///etc/passwd" } } },
    /neither a program nor an address/,
  ],
  ["a name of nothing", { mcpServers: { "!!": { command: "node" } } }, /no name/],
  [
    "arguments of another kind",
    { mcpServers: { a: { command: "node", args: {} } } },
    /not written as a server is: args/,
  ],
  [
    "a variable nobody named",
    { mcpServers: { a: { command: "node", env: { K: "${DISCORD_BOT_TOKEN}" } } } },
    /MCP_FILE_VARIABLES/,
  ],
  [
    "a secret in an argument",
    { mcpServers: { a: { command: "node", args: ["--key=${K}"] } } },
    /in arguments/,
  ],
  [
    "a header of the connection",
    { mcpServers: { a: { url: "https://x.test", headers: { Host: "y" } } } },
    /Host/,
  ],
])("%s is told in words", (_, content, says) => {
  const text = typeof content === "string" ? content : JSON.stringify(content);

  expect(readFileEntries(text, "fallback", { K: "v" })).toEqual([
    { kind: "problem", says: expect.stringMatching(says) as string },
  ]);
});
