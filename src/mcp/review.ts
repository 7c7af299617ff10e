import type { McpReview, McpToolReview } from "../core/mcp-control.ts";
import type { McpTool, McpTools } from "../core/mcp.ts";
import { isApproved, type Catalogue } from "./catalogue.ts";
import { differenceOf } from "./difference.ts";
import { lookOver, ownOthers, type OtherTool } from "./look-over.ts";

export interface ReviewDeps {
  readonly tools: McpTools;
  readonly catalogue: Pick<Catalogue, "others">;
  /** Looks at the rows at once: what was agreed to is offered from the next turn on. */
  readonly poke: () => void;
}

/** What people are shown of tools, and what they agree to. */
export function createReview({ tools, catalogue, poke }: ReviewDeps): McpReview {
  const approve: McpReview["approve"] = async (id, by, shown) => {
    const count = await tools.approve(id, by, shown);
    poke();
    return count;
  };
  return {
    approve,
    async tools(id) {
      const others = catalogue.others(id);
      const own = await tools.of(id);
      return own.map((tool) => toReview(tool, [...others, ...ownOthers(tool, own)]));
    },
    async approveAll(id, by, tried) {
      if (tried === undefined) return await approve(id, by, await tools.of(id));
      const shown = tried.tools.map(({ tool }) => tool);
      await tools.see(id, shown);
      return await approve(id, by, shown);
    },
  };
}

function toReview(tool: McpTool, others: readonly OtherTool[]): McpToolReview {
  const { approvedHash, approvedDescription: _, approvedShape: __, ...seen } = tool;
  const shown = lookOver(seen, others);
  const isChanged = approvedHash !== null && !isApproved(tool);
  return {
    ...shown,
    state: stateOf(tool, shown.problem !== null),
    difference: isChanged ? differenceOf(tool) : [],
  };
}

function stateOf(tool: McpTool, isUnusable: boolean): McpToolReview["state"] {
  if (isUnusable) return "unusable";
  if (isApproved(tool)) return "approved";
  return tool.approvedHash === null ? "new" : "changed";
}
