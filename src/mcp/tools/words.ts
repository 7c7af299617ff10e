import type { McpOffer } from "../../core/mcp-install.ts";
import type { McpServer } from "../../core/mcp.ts";
import type { Taint } from "../../core/taint.ts";
import type { ToolOutput } from "../../core/tool.ts";
import { cleanLine } from "../clean.ts";

const MAX_CHARS = 400;

/** What strangers wrote, for a model: on one line, and told apart from ours. */
export const theirs = (text: string): string => JSON.stringify(cleanLine(text, MAX_CHARS));

export const failed = (text: string): ToolOutput => ({ text, isError: true });

/** The output holds words of whoever made these servers. */
export const tainted = (text: string, names: readonly string[]): ToolOutput => ({
  text,
  ...(names.length === 0 ? {} : { taints: names.map((name): Taint => ({ source: "mcp", name })) }),
});

export const serverWords = ({ name, owner, isEnabled, status }: McpServer): string => {
  const whose = { operator: "for everybody", guild: "this server's", person: "this person's" }[
    owner.kind
  ];
  const state = isEnabled ? status.state : "switched off";
  return `${name} (${whose}): ${state}${status.detail === null || !isEnabled ? "" : `, ${theirs(status.detail)}`}`;
};

/** What an approval is good for: all that would run here, word by word, or the address that would be asked. */
export const confirmationOf = ({ commands, launch }: McpOffer): string =>
  launch.kind === "http"
    ? launch.url
    : commands.map((words) => words.map(asWord).join(" ")).join(" ; ");

const asWord = (word: string): string =>
  /^[\w@%+=:,./{}-]+$/.test(word) ? word : JSON.stringify(word);
