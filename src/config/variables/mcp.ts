import { flag, wholeNumber } from "../parsers.ts";
import { secret, withDefault } from "../variable.ts";

export const mcpVariables = {
  CLARA_MCP_TOKEN: secret(
    "For `clara serve mcp` by standard input and output: a token of `clara mcp-token`, whose person it is then for",
  ),
  MCP_ENABLED: withDefault("on", "MCP servers: plug-ins that bring her more tools", flag),
  MCP_MEMORY_MB: withDefault(
    "1024",
    "Memory that all programs of one MCP server may hold together; with more it is ended and started anew",
    wholeNumber(64, 1_048_576),
  ),
  MCP_IDLE_MINUTES: withDefault(
    "30",
    "An MCP server that nobody uses for so long is put to sleep until the next call",
    wholeNumber(1, 10_080),
  ),
};
