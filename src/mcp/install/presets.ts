import type { McpNeed } from "../../core/mcp-install.ts";
import type { McpIsolation } from "../../core/mcp.ts";

/** A server of the very makers of what it reaches. */
export interface Preset {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** As a person would write it. */
  readonly source: string;
  readonly args: readonly string[];
  /** Variables of a program, headers of a server on the web. */
  readonly env: Readonly<Record<string, string>>;
  readonly needs: readonly McpNeed[];
  /** Where headers are not enough. */
  readonly auth: "none" | "owner";
  /** Set in the environment, they stand in for the needs, and it is there for everybody. Empty: only where it is installed. */
  readonly variables: readonly string[];
  /** Where it cannot be the usual; a person's word goes before it. */
  readonly isolation?: McpIsolation;
}

const need = (name: string, description: string, isSecret: boolean): McpNeed => ({
  name,
  description,
  isRequired: true,
  isSecret,
  fallback: null,
});

/** https://github.com/github/github-mcp-server/blob/main/docs/remote-server.md */
const GITHUB_TOOLSETS =
  "context,repos,issues,pull_requests,users,actions,gists,notifications,orgs,projects,stargazers,git";

/** docs/MCP-PRESETS.md says what of the original's own tools each of them replaces. */
export const PRESETS: readonly Preset[] = [
  {
    name: "github",
    title: "GitHub",
    description: "Repositories, issues, pull requests, actions, gists, projects: by GitHub itself",
    source: "https://api.githubcopilot.com/mcp/",
    args: [],
    env: { Authorization: "Bearer {GITHUB_TOKEN}", "X-MCP-Toolsets": "{GITHUB_TOOLSETS}" },
    needs: [
      need("GITHUB_TOKEN", "A personal access token of GitHub", true),
      {
        name: "GITHUB_TOOLSETS",
        description: "Which of its sets of tools",
        isRequired: false,
        isSecret: false,
        fallback: GITHUB_TOOLSETS,
      },
    ],
    auth: "none",
    variables: ["GITHUB_TOKEN"],
  },
  {
    name: "azure_devops",
    title: "Azure DevOps",
    description:
      "Work items, repositories, pull requests, pipelines, wikis, test plans: by Microsoft",
    source: "@azure-devops/mcp",
    args: ["{AZURE_DEVOPS_ORG}", "--authentication", "pat"],
    env: { PERSONAL_ACCESS_TOKEN: "{basic:AZURE_DEVOPS_PAT}" },
    needs: [
      need(
        "AZURE_DEVOPS_ORG",
        "The organization: the last part of https://dev.azure.com/...",
        false,
      ),
      need("AZURE_DEVOPS_PAT", "A personal access token of Azure DevOps", true),
    ],
    auth: "none",
    variables: ["AZURE_DEVOPS_ORG", "AZURE_DEVOPS_PAT"],
  },
  {
    name: "tavily",
    title: "Tavily",
    description: "Search, extract, map and crawl the web: by Tavily",
    source: "tavily-mcp",
    args: [],
    env: { TAVILY_API_KEY: "{TAVILY_API_KEY}" },
    needs: [need("TAVILY_API_KEY", "A key of Tavily", true)],
    auth: "none",
    variables: ["TAVILY_API_KEY"],
  },
  {
    name: "playwright",
    title: "Playwright",
    description: "A browser that is driven by what it sees as text: by Microsoft",
    source: "@playwright/mcp",
    args: ["--headless", "--isolated", "--executable-path", "{BROWSER}"],
    env: {},
    needs: [
      {
        name: "BROWSER",
        description: "Path of Chromium or Chrome on this machine",
        isRequired: true,
        isSecret: false,
        fallback: "/usr/bin/chromium",
      },
    ],
    auth: "none",
    variables: [],
    // The browser is on the machine, not in the container.
    isolation: "process",
  },
  {
    name: "filesystem",
    title: "Filesystem",
    description: "Files in one folder of its own: by the makers of MCP",
    source: "@modelcontextprotocol/server-filesystem",
    args: ["{FOLDER}"],
    env: {},
    needs: [
      {
        name: "FOLDER",
        description: "The folder that it may read and write; . is its own",
        isRequired: true,
        isSecret: false,
        fallback: ".",
      },
    ],
    auth: "none",
    variables: [],
  },
];

export const presetOf = (presets: readonly Preset[], name: string): Preset | null =>
  presets.find((preset) => preset.name === name) ?? null;
