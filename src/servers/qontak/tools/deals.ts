import { z } from "zod";
import { defineTool, type Tool } from "../../kit/tool.ts";
import type { QontakDeps } from "../deps.ts";
import { deals as deal } from "../entities/deals.ts";
import { anyId } from "../entities/fields.ts";
import { recordOut, tidied, toRecord } from "../records.ts";
import { readAs } from "../api/read-as.ts";
import { row } from "../api/wire.ts";
import { permissionTools } from "./deal-permissions.ts";
import { entityTools } from "./entity-tools.ts";
import { ownerTool, timelineTool } from "./people.ts";
import { pipelineTools } from "./pipelines.ts";
import { chatTool, historyTool } from "./read-tools.ts";

/** Deals, and the pipelines that they move through. */
export const deals = (deps: QontakDeps): readonly Tool[] => [
  ...entityTools(deps, deal),
  timelineTool(deps, deal),
  historyTool(deps, deal, {
    name: "get_deal_stage_history",
    title: "Stages of a deal",
    description: "Which stages a deal was in, who moved it, and when.",
    path: "stage_history",
    columns: ["moved_date", "moved_by", "prev_stage", "current_stage", "current_owner"],
  }),
  chatTool(deps, deal),
  realCreator(deps),
  fullField(deps),
  ...permissionTools(deps),
  ownerTool(deps, deal),
  ...pipelineTools(deps),
];

const dealId = { deal_id: anyId.describe("id from list_deals") };

const realCreator = ({ api }: QontakDeps): Tool =>
  defineTool({
    name: "get_deal_real_creator",
    title: "Who made a deal",
    description: "Who created a deal, whoever owns it now.",
    effect: "read",
    input: z.object(dealId),
    output: z.object({ creator: z.looseObject({ id: z.union([z.int(), z.string()]) }) }),
    async run({ deal_id }, call) {
      const found = await api.one(call, `/deals/${deal_id}/real_creator`);
      return { data: { creator: { ...readAs(row, tidied(found)), id: found["id"] as number } } };
    },
  });

const fullField = ({ api }: QontakDeps): Tool =>
  defineTool({
    name: "get_deal_full_field",
    title: "All of a deal",
    description: "A deal with its people, products, notes and places written out in full.",
    effect: "read",
    input: z.object(dealId),
    output: z.object({ record: recordOut }),
    async run({ deal_id }, call) {
      return { data: { record: toRecord(await api.one(call, `/deals/${deal_id}/full-field`)) } };
    },
  });
