import { z } from "zod";
import { NOWHERE } from "../templates/requirements.ts";
import { word, type Entity } from "./entity.ts";
import { id, instead, LENGTHS, moment, name, priorityOf, text } from "./fields.ts";

const where = z
  .object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
  .describe("Where it is done");

export const tasks: Entity = {
  one: "task",
  many: "tasks",
  says: "task",
  path: "/tasks",
  idName: "task_id",
  columns: ["id", "name", "due_date", "user_full_name", "crm_task_category_name", "crm_deal_name"],
  filters: {
    filter: { schema: z.enum(["alltask"]).describe("alltask: everybody's, not only one's own") },
    category_id: { schema: id, field: "crm_task_category_id" },
  },
  fields: {
    name,
    due_date: moment,
    crm_task_status_id: id.describe(
      "Usually 1 Not Started, 2 In Progress, 3 Waiting, 4 Completed, 5 Deferred; get_task_template says it for sure",
    ),
    crm_task_priority_id: id.describe("From get_task_template"),
    crm_task_category_id: id.describe("From list_task_categories"),
    detail: text(LENGTHS.detail),
    next_step: text(LENGTHS.next_step),
    crm_person_id: id.describe("Its contact"),
    crm_company_id: id,
    crm_deal_id: id,
    end_due_date: moment,
    reminder_date: moment,
    user_id: id,
    crm_checkin_attributes: where,
  },
  required: ["name", "due_date"],
  kept: ["name", "due_date", "crm_task_status_id"],
  words: {
    category_id: word("crm_task_category_id", instead("crm_task_category_id", id)),
    contact_id: word("crm_person_id", instead("crm_person_id", id)),
    company_id: word("crm_company_id", instead("crm_company_id", id)),
    deal_id: word("crm_deal_id", instead("crm_deal_id", id)),
    description: word("detail", instead("detail", text(LENGTHS.detail))),
    assignee_id: word("user_id", id.describe("Who does it: an id from get_task_template")),
    priority: priorityOf("crm_task_priority_id", ["low", "medium", "high", "urgent"]),
    status: {
      of: "crm_task_status_id",
      schema: z.enum(["pending", "completed"]).describe("In words, instead of crm_task_status_id"),
      to: (value) => value,
      options: { pending: ["not started", "pending", "open"], completed: ["completed", "done"] },
    },
  },
  takesCustom: true,
  lengths: LENGTHS,
  template: {
    minimum: ["name", "due_date", "crm_task_status_id"],
    placeIn: {},
    moves: [],
    place: () => Promise.resolve(NOWHERE),
  },
  prepare: (_deps, _asker, { body }) => Promise.resolve(withPlace(body)),
};

/** Qontak spells it with two t. */
function withPlace({ crm_checkin_attributes: said, ...body }: Readonly<Record<string, unknown>>) {
  const read = where.safeParse(said);
  if (!read.success) return body;
  const { latitude: lattitude, longitude } = read.data;
  return { ...body, crm_checkin_attributes: { longitude, lattitude } };
}
