import { Failure } from "../../kit/failure.ts";
import type { Asker } from "../api/client.ts";
import type { Row } from "../api/wire.ts";
import type { QontakDeps } from "../deps.ts";
import type { Place } from "../templates/requirements.ts";
import { word, type Entity } from "./entity.ts";
import { day, id, ids, instead, LENGTHS, name, priorityOf, text } from "./fields.ts";

export const tickets: Entity = {
  one: "ticket",
  many: "tickets",
  says: "ticket",
  path: "/tickets",
  idName: "ticket_id",
  columns: ["id", "name", "ticket_stage_name", "ticket_priority_name", "user_name", "due_date"],
  filters: { pipeline_id: { schema: id, field: "ticket_pipeline_id" } },
  fields: {
    name,
    ticket_stage_id: id.describe("From get_ticket_pipelines"),
    ticket_pipeline_id: id.describe("Follows from the stage when left out"),
    ticket_priority_id: id.describe("From get_ticket_template"),
    ticket_category_id: id.describe("From get_ticket_template"),
    description: text(LENGTHS.description),
    due_date: day,
    crm_lead_ids: ids.describe("Its contacts"),
    crm_company_id: id,
    crm_product_ids: ids,
    crm_task_ids: ids,
    user_id: id,
    creator_id: id,
  },
  required: ["name", "ticket_stage_id"],
  kept: ["name", "ticket_stage_id"],
  words: {
    stage_id: {
      ...word("ticket_stage_id", instead("ticket_stage_id", id)),
      isForUpdate: true,
    },
    contact_id: word("crm_lead_ids", instead("crm_lead_ids, with one in it", id), (one) => [one]),
    company_id: word("crm_company_id", instead("crm_company_id", id)),
    assignee_id: word("user_id", id.describe("Who works on it: an id from get_ticket_template")),
    priority: priorityOf("ticket_priority_id", ["low", "medium", "high", "urgent"]),
  },
  takesCustom: true,
  lengths: LENGTHS,
  template: {
    minimum: ["name", "ticket_stage_id"],
    placeIn: { pipeline_id: id.describe("From get_ticket_pipelines") },
    moves: ["ticket_stage_id", "ticket_pipeline_id"],
    place: placeOf,
  },
  prepare: async (deps, asker, { body }) => {
    const stageId = body["ticket_stage_id"];
    if (stageId === undefined) return body;
    const { pipelineId } = await deps.pipelines.ticketStage(asker, Number(stageId));
    const said = body["ticket_pipeline_id"] ?? pipelineId;
    if (said !== pipelineId) throw elsewhere(pipelineId);
    return { ...body, ticket_pipeline_id: pipelineId };
  },
};

const elsewhere = (pipelineId: number): Failure =>
  new Failure("INVALID_ARGUMENT", `That ticket_stage_id is of pipeline ${pipelineId}.`, {
    hint: "Leave ticket_pipeline_id out: it follows from the stage.",
  });

async function placeOf({ pipelines }: QontakDeps, asker: Asker, fields: Row): Promise<Place> {
  const asked = fields["pipeline_id"] ?? fields["ticket_pipeline_id"];
  if (fields["ticket_stage_id"] === undefined || fields["ticket_stage_id"] === null)
    return { pipelineId: await known(pipelines, asker, Number(asked)), stageId: null };
  const stage = await pipelines.ticketStage(asker, Number(fields["ticket_stage_id"]));
  return { pipelineId: stage.pipelineId, stageId: stage.id };
}

async function known(
  pipelines: QontakDeps["pipelines"],
  asker: Asker,
  pipelineId: number,
): Promise<number> {
  const all = await pipelines.ofTickets(asker);
  if (all.some((each) => Number(each["id"]) === pipelineId)) return pipelineId;
  throw new Failure("INVALID_ARGUMENT", `There is no pipeline ${pipelineId} of tickets.`, {
    hint: "Use one of these.",
    details: { pipelines: all.map((each) => ({ id: each["id"], name: each["name"] })) },
  });
}
