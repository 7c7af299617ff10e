import type { Prompt } from "@modelcontextprotocol/client";
import { McpProblem, type McpPrompt, type McpPrompts } from "../core/mcp-control.ts";
import { holderOf, mayUse, type McpServer } from "../core/mcp.ts";
import { clean, cleanLine } from "./clean.ts";
import { MAX_LISTED } from "./limits.ts";
import { toPromptOutput } from "./more-offers.ts";
import { resultDeps, type OfferDeps } from "./offer.ts";
import type { Supervisor } from "./supervisor.ts";

export interface PromptsDeps extends Pick<OfferDeps, "hideSecrets"> {
  readonly supervisor: Pick<Supervisor, "servers" | "serverOf" | "keeperOf">;
  /** As they were listed last, by connection. */
  readonly listed: PromptLists;
}

/** Prompts of connections, in memory: what somebody types is completed without asking anybody. */
export type PromptLists = WeakMap<object, readonly Prompt[]>;

export function createPrompts({ supervisor, listed, hideSecrets }: PromptsDeps): McpPrompts {
  const usable = (scope: Parameters<McpPrompts["list"]>[0]): readonly McpServer[] =>
    supervisor.servers().filter((server) => server.isEnabled && mayUse(server, scope));

  return {
    list: (scope) =>
      usable(scope).flatMap((server) => {
        const { connection } = supervisor.keeperOf(server, holderOf(server, scope));
        const prompts = connection === null ? [] : (listed.get(connection) ?? []);
        return prompts.slice(0, MAX_LISTED).map((prompt) => toPrompt(server, prompt));
      }),
    async get(scope, id, name, values, signal) {
      const server = supervisor.serverOf(id);
      if (!server?.isEnabled || !mayUse(server, scope))
        throw new McpProblem("gone", "There is no such server here any more.");
      const connection = await supervisor.keeperOf(server, holderOf(server, scope)).reach(signal);
      const found = await connection.getPrompt(name, values, signal);
      const result = resultDeps({ hideSecrets }, server);
      return toPromptOutput(result, found);
    },
  };
}

const toPrompt = (
  { id, name: serverName }: McpServer,
  { name, description, arguments: wanted = [] }: Prompt,
): McpPrompt => ({
  serverId: id,
  serverName,
  name,
  description: cleanLine(description ?? "", 300),
  values: wanted.map((value) => ({
    name: clean(value.name),
    description: cleanLine(value.description ?? "", 200),
    isRequired: value.required ?? false,
  })),
});
