import { flag, wholeNumber } from "../parsers.ts";
import { withDefault } from "../variable.ts";

export const mcpVariables = {
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
