import type { McpToolReview } from "../../core/mcp-control.ts";
import type { McpListing, McpOffer } from "../../core/mcp-install.ts";
import type { McpOwner, McpServer, McpState } from "../../core/mcp.ts";
import { toPlain } from "../plain.ts";

const STATES: Readonly<Record<McpState, string>> = {
  off: "⚪ off",
  starting: "🟡 starting",
  ready: "🟢 ready",
  slow: "🟠 slow",
  failing: "🔴 failing",
  "needs-sign-in": "🔑 needs a sign-in",
};

const MAX_DETAIL_CHARS = 300;
const MAX_DESCRIPTION_CHARS = 300;

export const ownerWords = (owner: McpOwner): string =>
  ({ operator: "for everybody", guild: "of this server", person: "yours" })[owner.kind];

/** One line: its name, whose it is, how it is. */
export function serverLine(server: McpServer): string {
  const { name, displayName, owner, isEnabled, status } = server;
  const title = toPlain(displayName);
  const state = isEnabled ? STATES[status.state] : "⚪ switched off";
  const detail = status.detail === null || !isEnabled ? "" : `\n  -# ${quoted(status.detail)}`;
  return `- **${name}**${title === "" || title === name ? "" : ` (${safe(title)})`}: ${state}, ${ownerWords(owner)}${detail}`;
}

/** What strangers wrote, on one line, without what Discord would make of it. */
export const safe = (text: string): string =>
  toPlain(text)
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu, "")
    .replace(/([\\*_~`|<>[\]()#@:])/g, "\\$1");

export const quoted = (text: string, most = MAX_DETAIL_CHARS): string => {
  const line = toPlain(text);
  return safe(line.length > most ? `${line.slice(0, most)}…` : line);
};

/** A command as one reads it in a terminal; every word is told apart, and none is cut. */
const commandWords = (words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(" ");

/**
 * What is installed if one agrees: everything, before anything of it runs. What runs and what is risky stands first: nobody
 * has to turn a page for it.
 */
export function offerWords(offer: McpOffer, owner: McpOwner): string {
  const { name, displayName, description, facts, risks, commands, launch, needs } = offer;
  const runs = commands.map((words) => `    ${commandWords(words)}`.replaceAll("`", "'"));
  return [
    `**Install \`${name}\`, ${ownerWords(owner)}?** ${displayName === name ? "" : safe(displayName)}`.trim(),
    ...(description === "" ? [] : [`> ${safe(description)}`, "-# Its maker's words."]),
    ...(launch.kind === "http" ? [`**It is asked at:** ${safe(launch.url)}`] : []),
    ...(runs.length === 0 ? [] : ["**What runs here, word by word:**", "```", ...runs, "```"]),
    ...risks.map((risk) => `⚠️ ${risk}`),
    ...facts.map(([label, value]) => `**${label}:** ${safe(value)}`),
    ...(needs.length === 0
      ? []
      : [
          `**Asks for:** ${needs.map((need) => `\`${need.name}\`${need.isRequired ? "" : " (if you like)"}`).join(", ")}`,
        ]),
    "-# Nothing of it has run. After this you see its tools, and only what you agree to there can be used.",
  ].join("\n");
}

const TOOL_STATES: Readonly<Record<McpToolReview["state"], string>> = {
  approved: "✅",
  new: "🆕",
  changed: "⚠️ changed",
  unusable: "🚫",
};

/** A tool as its server describes it, and what to look at twice. */
export function toolLines({ tool, state, marks, problem }: McpToolReview): string {
  return [
    `- ${TOOL_STATES[state]} **${safe(tool.name)}**: ${quoted(tool.description, MAX_DESCRIPTION_CHARS)}`,
    ...marks.map((mark) => `  ⚠️ ${safe(mark)}`),
    ...(problem === null ? [] : [`  🚫 ${safe(problem)}`]),
  ].join("\n");
}

/** What has changed, as it was and as it is. */
export const differenceWords = (tools: readonly McpToolReview[]): string =>
  tools
    .filter(({ state }) => state === "changed")
    .flatMap(({ tool, difference }) => [
      `**${safe(tool.name)}**`,
      "```diff",
      ...difference.map((line) => line.replaceAll("```", "'''")),
      "```",
    ])
    .join("\n");

const FROM: Readonly<Record<McpListing["from"], string>> = {
  registry: "MCP registry",
  smithery: "Smithery",
  preset: "its maker's own",
  "first-party": "ships with me",
};

export const listingLine = ({ source, title, description, from }: McpListing): string =>
  `- \`${source.replaceAll("`", "")}\`${title === source ? "" : ` ${safe(title)}`} (${FROM[from]}): ${quoted(description, 150)}`;
