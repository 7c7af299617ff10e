import { randomUUID } from "node:crypto";
import { mcpServerId, userId } from "../src/core/ids.ts";
import type { NewMcpServer } from "../src/core/mcp.ts";

/** A server on the web, somebody's own. */
export const newMcpServer = (changes: Partial<NewMcpServer> = {}): NewMcpServer => ({
  id: mcpServerId(randomUUID()),
  owner: { kind: "person", userId: userId(`discord:${randomUUID()}`) },
  name: `files_${randomUUID().slice(0, 8)}`,
  displayName: "Files",
  source: { kind: "url", url: "https://mcp.example.com/mcp" },
  launch: {
    kind: "http",
    url: "https://mcp.example.com/mcp",
    transport: "streamable-http",
    headers: {},
    secretHeaders: [],
    auth: "none",
  },
  isEnabled: true,
  isHotReload: false,
  origin: "command",
  installedBy: null,
  timeoutMs: 30_000,
  ...changes,
});
