import { anyText, flag, httpUrl, list } from "../parsers.ts";
import { optional, secret, withDefault, type Variable } from "../variable.ts";

const byPlatform = <Value>(variable: Variable<Value>): Variable<Value> => ({
  ...variable,
  setBy: "platform",
});

export const mcpInstallVariables = {
  MCP_SERVERS_DIR: withDefault(
    ".mcp_servers",
    "Folder of MCP servers for everybody, one file each (local/<name>/config.json, remote/<name>/config.json, or *.json with mcpServers). It need not be there",
    anyText,
  ),
  MCP_FILE_VARIABLES: optional(
    "Names of variables that `${NAME}` may stand for in those files, separated by commas. Their values are secrets",
    list,
  ),
  SMITHERY_API_KEY: {
    ...secret(
      "Lets her search and install from Smithery. From https://smithery.ai/account/api-keys",
    ),
    oldName: "SMITHERY_API_TOKEN",
  },
  GITHUB_TOKEN: {
    ...secret("Offers GitHub's own MCP server to whoever runs her (/mcp install source:github)"),
    oldName: "GITHUB_PERSONAL_ACCESS_TOKEN",
  },
  GITHUB_TOOLSETS: optional(
    "Which sets of tools of GitHub's server are wanted, separated by commas",
    anyText,
  ),
  AZURE_DEVOPS_ORG: optional(
    "With AZURE_DEVOPS_PAT: offers Microsoft's MCP server for Azure DevOps. The last part of https://dev.azure.com/...",
    anyText,
  ),
  AZURE_DEVOPS_PAT: secret("A personal access token of Azure DevOps"),
  CLARA_NPM_REGISTRY: withDefault(
    "https://registry.npmjs.org",
    "Where npm packages of MCP servers come from. One in your own network has to stand in CLARA_FETCH_ALLOW, too",
    httpUrl,
  ),
  HTTPS_PROXY: byPlatform(secret("Proxy for npm and git")),
  HTTP_PROXY: byPlatform(secret("The same without https")),
  NO_PROXY: byPlatform(optional("Hosts that npm and git reach without a proxy", anyText)),
  NODE_EXTRA_CA_CERTS: byPlatform(
    optional("Certificates of the house, for Node.js and npm", anyText),
  ),
  GIT_SSL_CAINFO: byPlatform(optional("The same for git", anyText)),
  CLARA_MCP_ADMINS: withDefault(
    "off",
    "The admins of any Discord server where she is may install MCP servers that run here in a container, or ship with her. They reach your network",
    flag,
  ),
  CLARA_MCP_IMAGE: withDefault(
    "node:24-slim",
    "Docker image in which MCP servers of npm and GitHub run, where there is Docker",
    anyText,
  ),
};
