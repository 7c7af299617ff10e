import assert from "node:assert/strict";
import { expect, test } from "vitest";
import { newMcpServer } from "../../../test/mcp-rows.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { mcpSecretName } from "../../core/mcp.ts";
import { keepPresets } from "./keep-presets.ts";
import { PRESETS } from "./presets.ts";

const store = share(openEmbeddedStore);
const OPERATOR = { kind: "operator" } as const;

test("a key that is another is taken over, and one that is gone switches its server off", async () => {
  const { mcpServers: servers, secrets } = store();
  const server = newMcpServer({
    owner: OPERATOR,
    origin: "preset",
    source: {
      kind: "npm",
      package: "@azure-devops/mcp",
      version: "2.10.0",
      integrity: "sha512-x",
      before: "",
    },
    launch: {
      kind: "stdio",
      command: "node",
      args: ["x.js", "org"],
      cwd: null,
      env: {},
      secretEnv: ["PERSONAL_ACCESS_TOKEN"],
      isolation: "process",
    },
  });
  await servers.add(server);
  await secrets.put(OPERATOR, mcpSecretName(server.id, "PERSONAL_ACCESS_TOKEN"), "old");
  const keep = (variables: Readonly<Record<string, string>>) =>
    keepPresets({ servers, secrets, presets: PRESETS, variables });
  const set = { AZURE_DEVOPS_ORG: "org", AZURE_DEVOPS_PAT: "new" };

  expect(await keep(set)).toBe(1);
  const kept = await secrets.get(OPERATOR, mcpSecretName(server.id, "PERSONAL_ACCESS_TOKEN"));
  assert(kept.kind === "found");
  expect(kept.secret.reveal()).toBe(Buffer.from(":new").toString("base64"));
  expect((await servers.byId(server.id))?.revision).toBe(1);
  expect(await keep(set)).toBe(0);
  expect(await keep({ AZURE_DEVOPS_ORG: "org" })).toBe(1);
  expect((await servers.byId(server.id))?.isEnabled).toBe(false);
});
