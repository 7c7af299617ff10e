import type { QontakDeps } from "../deps.ts";
import type { Asker } from "../api/client.ts";
import type { Row } from "../api/wire.ts";
import type { Place } from "../templates/requirements.ts";
import { word, type Entity } from "./entity.ts";
import { amount, day, id, ids, instead, LENGTHS, name, text } from "./fields.ts";

export const deals: Entity = {
  one: "deal",
  many: "deals",
  says: "deal",
  path: "/deals",
  idName: "deal_id",
  columns: ["id", "name", "crm_pipeline_name", "crm_stage_name", "size", "currency", "closed_date"],
  filters: {
    name: { schema: text() },
    contact_ids: { schema: id.describe("Deals of this contact") },
    company_ids: { schema: id.describe("Deals of this company") },
    product_ids: { schema: id.describe("Deals with this product") },
    pipeline_id: { schema: id, field: "crm_pipeline_id" },
    stage_id: { schema: id, field: "crm_stage_id" },
  },
  fields: {
    name,
    crm_pipeline_id: id.describe("From list_pipelines"),
    crm_stage_id: id.describe("From list_pipeline_stages"),
    size: amount.describe("What it is worth"),
    currency: text(10).describe("Such as IDR"),
    closed_date: day.describe("When it is expected to close"),
    start_date: day,
    expired_date: day,
    crm_lead_ids: ids.describe("Its contacts"),
    crm_company_id: id,
    crm_source_id: id,
    crm_priority_id: id,
    crm_lost_reason_id: id,
    creator_id: id.describe("Whose deal it is; the account that signed in when left out"),
  },
  required: ["name", "crm_pipeline_id", "crm_stage_id"],
  kept: ["name", "crm_pipeline_id", "crm_stage_id"],
  words: {
    contact_id: word("crm_lead_ids", instead("crm_lead_ids, with one in it", id), (one) => [one]),
    company_id: word("crm_company_id", instead("crm_company_id", id)),
    amount: word("size", instead("size", amount)),
    expected_close_date: word("closed_date", instead("closed_date", day)),
  },
  takesCustom: true,
  lengths: LENGTHS,
  template: {
    minimum: ["name", "crm_stage_id"],
    placeIn: {
      crm_pipeline_id: id.describe("From list_pipelines"),
      crm_stage_id: id.describe("From list_pipeline_stages"),
    },
    moves: ["crm_pipeline_id", "crm_stage_id"],
    place: placeOf,
  },
};

async function placeOf({ pipelines }: QontakDeps, asker: Asker, fields: Row): Promise<Place> {
  const pipelineId = Number(fields["crm_pipeline_id"]);
  const stageId = Number(fields["crm_stage_id"]);
  await pipelines.checkDealStage(asker, pipelineId, stageId);
  return { pipelineId, stageId };
}
