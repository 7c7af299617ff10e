import { z } from "zod";
import { defineTool, type Tool } from "../../kit/tool.ts";
import { readAs } from "../api/read-as.ts";
import { row } from "../api/wire.ts";
import type { QontakDeps } from "../deps.ts";
import { id } from "../entities/fields.ts";
import { notes } from "../entities/notes.ts";
import { associations, products } from "../entities/products.ts";
import { tasks } from "../entities/tasks.ts";
import { tickets } from "../entities/tickets.ts";
import { recordOut, toRecord } from "../records.ts";
import { entityTools } from "./entity-tools.ts";
import { pagesIn, pagesOut, sliced } from "./pages.ts";
import { listed, ticketPipelines } from "./pipelines.ts";

const CATEGORIES = "/tasks/category";
const MAX_NAME = 100;

/** Tickets, tasks, notes, products, and products of deals. */
export const work = (deps: QontakDeps): readonly Tool[] => [
  ...entityTools(deps, tickets),
  ticketPipelines(deps),
  ...entityTools(deps, tasks),
  listCategories(deps),
  createCategory(deps),
  deleteCategory(deps),
  ...entityTools(deps, notes),
  ...entityTools(deps, products),
  ...entityTools(deps, associations),
];

const listCategories = ({ api }: QontakDeps): Tool =>
  defineTool({
    name: "list_task_categories",
    title: "List categories of tasks",
    description: "What kinds of tasks this company has.",
    effect: "read",
    input: z.object(pagesIn),
    output: z.object({ items: z.array(recordOut), ...pagesOut }),
    async run(given, call) {
      const question = { kind: "categories", path: CATEGORIES, schema: z.array(row) } as const;
      const { value } = await api.remembered(call, question);
      const { rows, ...pages } = sliced(value, given, null);
      const { data, text } = listed(rows, ["id", "name"]);
      return { data: { ...data, ...pages }, text };
    },
  });

const createCategory = ({ api }: QontakDeps): Tool =>
  defineTool({
    name: "create_task_category",
    title: "Create a category of tasks",
    description: "Adds a kind of tasks for the whole company.",
    effect: "create",
    input: z.object({ name: z.string().trim().min(1).max(MAX_NAME) }),
    output: z.object({ record: recordOut }),
    async run({ name }, call) {
      const answer = await api.write(call, { method: "POST", path: CATEGORIES, json: { name } });
      await forget(api, call);
      const record = toRecord(readAs(row, answer));
      return { data: { record }, text: `Created category ${record.id}.` };
    },
  });

const deleteCategory = ({ api }: QontakDeps): Tool =>
  defineTool({
    name: "delete_task_category",
    title: "Delete a category of tasks",
    description: "Removes a kind of tasks for the whole company. Ask the person first.",
    effect: "delete",
    input: z.object({ category_id: id.describe("From list_task_categories") }),
    output: z.object({ id: z.int(), is_deleted: z.boolean() }),
    async run({ category_id }, call) {
      await api.write(call, { method: "DELETE", path: `${CATEGORIES}/${category_id}` });
      await forget(api, call);
      return { data: { id: category_id, is_deleted: true }, text: "Deleted." };
    },
  });

/** Categories are options of the template of tasks, too. */
async function forget(api: QontakDeps["api"], call: Parameters<QontakDeps["api"]["forget"]>[0]) {
  await api.forget(call, "categories");
  await api.forget(call, "templates");
}
