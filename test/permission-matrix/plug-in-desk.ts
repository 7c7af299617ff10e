import type { McpDesk } from "../../src/core/mcp-desk.ts";
import type { McpListing, McpOffer } from "../../src/core/mcp-install.ts";
import type { TestStore } from "../open-test-store.ts";

const OFFER: McpOffer = {
  name: "files",
  displayName: "Files",
  preset: null,
  source: {
    kind: "npm",
    package: "files",
    version: "1.0.0",
    integrity: "sha512-x",
    before: "2026-01-01",
  },
  launch: {
    kind: "stdio",
    command: "files",
    args: [],
    cwd: null,
    env: {},
    secretEnv: [],
    isolation: "process",
  },
  needs: [],
  description: "",
  facts: [],
  risks: [],
  commands: [["files"]],
};

const NO_LISTINGS: readonly McpListing[] = [];
const nothing = () => Promise.reject(new Error("Nothing runs in this house"));

/** `/mcp` over the real rows, in a house where no server is run: who sees what, and who may do what. */
export const plugInDesk = ({ mcpServers }: TestStore): McpDesk => ({
  servers: mcpServers,
  installer: {
    adminsRunPrograms: false,
    look: async () => ({ kind: "offer", offer: OFFER }),
    search: nothing,
    known: () => [],
    offered: () => NO_LISTINGS,
    install: nothing,
    uninstall: nothing,
    refresh: nothing,
  },
  control: { look: nothing, refresh: nothing, poke: () => {}, signedIn: () => {} },
  review: { tools: async () => [], approve: nothing, approveAll: nothing },
  prompts: { list: () => [], get: nothing },
  signIn: null,
});
