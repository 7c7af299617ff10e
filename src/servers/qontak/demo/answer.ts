import type { Crm, Stored, Table } from "./crm.ts";
import { isTable, isTemplated, rowOf } from "./crm.ts";
import { missing, one, paged, plain, type Answer } from "./envelope.ts";
import { filtered } from "./filters.ts";
import { belowRecord } from "./below.ts";
import { createCategory, create, permit, remove, removeCategory, update } from "./writes.ts";
import { shown } from "./show.ts";

export interface Request {
  readonly method: string;
  /** Below /api/v3.1, such as /contacts/1. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Stored;
}

/** What Qontak answers, and what becomes of the CRM by it. */
export function answerQontak(crm: Crm, request: Request): Answer {
  const [, name = "", id, more, ...rest] = request.path.split("/");
  if (rest.length > 0) return missing(crm);
  if (name === "pipelines" && request.method === "GET") return pipelines(crm, id, more);
  if (!isTable(name)) return missing(crm);
  const special = more === undefined && id !== undefined ? specials(crm, name, id, request) : null;
  if (special) return special;
  if (name === "tasks" && id === "category" && more !== undefined)
    return request.method === "DELETE" ? removeCategory(crm, more) : missing(crm);
  if (id === undefined) return all(crm, name, request);
  const row = /^\d+$/.test(id) ? rowOf(crm, name, id) : null;
  if (row === null) return missing(crm);
  return more === undefined
    ? single(crm, name, row, request)
    : belowRecord(crm, name, row, more, request);
}

function all(crm: Crm, table: Table, { method, query, body }: Request): Answer {
  if (method === "POST") return create(crm, table, body);
  if (method !== "GET") return missing(crm);
  const rows = filtered(crm, table, query).map((row) => listed(crm, table, row));
  return table === "notes" ? plain(crm, rows) : paged(crm, rows, query, nameOfPages(table));
}

/** Ids of tasks are texts in lists, and only there. */
const listed = (crm: Crm, table: Table, row: Stored): Stored =>
  table === "tasks" ? { ...shown(crm, table, row), id: String(row["id"]) } : shown(crm, table, row);

/** Products name their pages otherwise. */
const nameOfPages = (table: Table): "page" | "current_page" =>
  table.startsWith("products") ? "current_page" : "page";

function single(crm: Crm, table: Table, row: Stored, { method, body }: Request): Answer {
  switch (method) {
    case "GET":
      // One contact is a list with one in it, as in Qontak's own example.
      return one(crm, table === "contacts" ? [shown(crm, table, row)] : shown(crm, table, row));
    case "PUT":
      return update(crm, table, row, body);
    case "DELETE":
      return remove(crm, table, row);
    default:
      return missing(crm);
  }
}

/** What stands where an id would. */
function specials(crm: Crm, table: Table, id: string, { method, body }: Request): Answer | null {
  if (id === "info" && isTemplated(table) && method === "GET") {
    const fields = crm.templates[table].map((field) => withCategories(crm, field));
    // The template of companies comes without meta.
    return table === "companies" ? { status: 200, body: { response: fields } } : one(crm, fields);
  }
  if (table === "tasks" && id === "category")
    return method === "GET" ? plain(crm, crm.categories) : createCategory(crm, method, body);
  if (table === "tickets" && id === "ticket_pipelines") return plain(crm, ticketPipelines(crm));
  if (table === "deals" && id === "deal_permission") return permit(crm, method, body);
  return null;
}

const withCategories = (crm: Crm, field: Stored): Stored =>
  field["name"] === "crm_task_category_id" ? { ...field, dropdown: crm.categories } : field;

const ticketPipelines = (crm: Crm): readonly Stored[] =>
  crm.ticketPipelines.map(({ id, name, stages }) => ({
    id,
    name,
    slug: name.toLowerCase(),
    ticket_stages: stages.map((stage, at) => ({
      ...stage,
      slug: stage.name.toLowerCase().replaceAll(" ", "-"),
      ticket_pipeline_id: id,
      order: at + 1,
      win_probability: "0",
    })),
  }));

function pipelines(crm: Crm, id: string | undefined, more: string | undefined): Answer {
  if (id === undefined) return plain(crm, crm.pipelines);
  const found = crm.pipelines.find((each) => String(each["id"]) === id);
  if (!found || (more !== undefined && more !== "stages")) return missing(crm);
  if (more === undefined) return one(crm, found);
  return plain(
    crm,
    crm.stages.filter((stage) => stage["crm_pipeline_id"] === found["id"]),
  );
}
