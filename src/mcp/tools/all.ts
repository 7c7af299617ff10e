import type { Tool } from "../../core/tool.ts";
import { installTools } from "./install-tools.ts";
import { lookTools } from "./look-tools.ts";
import { manageTools } from "./manage-tools.ts";
import { oauthTools } from "./oauth-tools.ts";
import type { McpToolDeps } from "./parts.ts";

/** What a model can do about MCP servers; `/mcp` does the same without one. */
export const mcpTools = (deps: McpToolDeps): readonly Tool[] => [
  ...lookTools(deps),
  ...installTools(deps),
  ...manageTools(deps),
  ...oauthTools(deps),
];
