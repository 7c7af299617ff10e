import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { delimiter, dirname } from "node:path";
import type { Budgets } from "../agent/budgets.ts";
import type { ClaudeCodeSettings, ImageSettings } from "../config.ts";
import type { ChannelPosts } from "../core/channel-posts.ts";
import type { GuildAccess } from "../core/guild-access.ts";
import type { Tool } from "../core/tool.ts";
import type { Store } from "../store/index.ts";
import { searchChatHistory } from "../tools/channels/search-history.ts";
import { createPoll, sendMessageToChannel } from "../tools/channels/send-message.ts";
import type { Log } from "../core/log.ts";
import { systemClock } from "../core/clock.ts";
import { loadAgentSdk } from "../tools/claude-code/agent-sdk.ts";
import { claudeCodeTools, type ClaudeCodeDeps } from "../tools/claude-code/claude-code.ts";
import { generateImage } from "../tools/images/generate-image.ts";
import { readSkill } from "../tools/skills/read-skill.ts";
import { readSkills } from "../tools/skills/read-skills.ts";

/** Tools for other channels of a server. */
export function channelTools(
  { history }: Pick<Store, "history">,
  { access, posts }: { readonly access: GuildAccess; readonly posts: ChannelPosts | null },
): readonly Tool[] {
  if (posts === null) return [];
  const deps = { access, posts, history, createId: randomUUID };
  return [sendMessageToChannel(deps), createPoll(deps), searchChatHistory(deps)];
}

/** A tool for pictures, where there is a key for one. */
export const imageTools = (
  options: ImageSettings | null,
  { ledger, budgets }: { readonly ledger: Store["ledger"]; readonly budgets: Budgets },
): readonly Tool[] =>
  options === null
    ? []
    : [
        generateImage(
          { fetch: globalThis.fetch, clock: systemClock, ledger, allow: budgets.allow },
          options,
        ),
      ];

/** A coding agent, where there is a folder for it. Of our environment it gets what stands here, and nothing else. */
export const codingTools = (
  settings: ClaudeCodeSettings | null,
  deps: Omit<ClaudeCodeDeps, "loadSdk">,
): readonly Tool[] => {
  if (settings === null) return [];
  const env = {
    HOME: homedir(),
    PATH: [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
    LANG: "C.UTF-8",
  };
  return claudeCodeTools({ ...deps, loadSdk: loadAgentSdk }, { ...settings, env });
};

/** The operator's skills, read once at the start. */
export async function skillTools(folder: string, log: Log): Promise<readonly Tool[]> {
  const { skills, problems } = await readSkills(folder);
  for (const { folder: where, why } of problems) log.warn({ folder: where, why }, "not-a-skill");
  const tool = readSkill(skills);
  return tool === null ? [] : [tool];
}
