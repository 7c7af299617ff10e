import { resolve } from "node:path";
import type { McpInstallSettings } from "./shape.ts";
import type { Values } from "./variables.ts";

/** Variables that stand in for the keys of presets. */
const OF_PRESETS = [
  "GITHUB_TOKEN",
  "GITHUB_TOOLSETS",
  "AZURE_DEVOPS_ORG",
  "AZURE_DEVOPS_PAT",
  "TAVILY_API_KEY",
] as const;

/** What npm and git need where a house has a proxy, or certificates of its own. */
const OF_NETWORK = [
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "NO_PROXY",
  "NODE_EXTRA_CA_CERTS",
  "GIT_SSL_CAINFO",
] as const;

/** Where MCP servers come from. `set`: the environment, of which only variables that are named are taken. */
export function toMcpInstall(values: Values, set: ReadonlyMap<string, string>): McpInstallSettings {
  return {
    filesDir: resolve(values.MCP_SERVERS_DIR),
    fileVariables: pick(values.MCP_FILE_VARIABLES ?? [], (name) => set.get(name) ?? null),
    presetVariables: pick(OF_PRESETS, (name) => values[name]),
    smitheryKey: values.SMITHERY_API_KEY,
    githubToken: values.GITHUB_TOKEN,
    npmRegistry: values.CLARA_NPM_REGISTRY,
    nodeImage: values.CLARA_MCP_IMAGE,
    adminsRunPrograms: values.CLARA_MCP_ADMINS,
    dockerHost: values.DOCKER_HOST,
    networkEnv: pick(OF_NETWORK, (name) => values[name]),
  };
}

const pick = <Name extends string>(
  names: readonly Name[],
  valueOf: (name: Name) => string | null,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = valueOf(name);
      return value === null ? [] : [[name, value]];
    }),
  );
