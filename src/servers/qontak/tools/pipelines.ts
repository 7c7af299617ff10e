import { z } from "zod";
import { defineTool, type Tool } from "../../kit/tool.ts";
import type { Row } from "../api/wire.ts";
import type { QontakDeps } from "../deps.ts";
import { id } from "../entities/fields.ts";
import { recordOut, tableOf, toRecord } from "../records.ts";
import { pagesIn, pagesOut, sliced } from "./pages.ts";

const STAGE_COLUMNS = ["id", "name", "order", "win_probability"];
const items = z.array(recordOut);

/** How deals move. */
export const pipelineTools = ({ api, pipelines }: QontakDeps): readonly Tool[] => [
  defineTool({
    name: "list_pipelines",
    title: "List pipelines",
    description: "The pipelines that deals move through.",
    effect: "read",
    input: z.object({}),
    output: z.object({ items }),
    run: async (_given, call) => listed(await pipelines.all(call), ["id", "name", "active"]),
  }),
  defineTool({
    name: "get_pipeline",
    title: "Read a pipeline",
    description: "One pipeline of deals.",
    effect: "read",
    input: z.object({ pipeline_id: id.describe("From list_pipelines") }),
    output: z.object({ record: recordOut }),
    run: async ({ pipeline_id }, call) => ({
      data: { record: toRecord(await api.one(call, `/pipelines/${pipeline_id}`)) },
    }),
  }),
  defineTool({
    name: "list_pipeline_stages",
    title: "List the stages of a pipeline",
    description: "The stages of one pipeline of deals, in their order.",
    effect: "read",
    input: z.object({ pipeline_id: id.describe("From list_pipelines") }),
    output: z.object({ items }),
    run: async ({ pipeline_id }, call) =>
      listed(await pipelines.stages(call, pipeline_id), STAGE_COLUMNS),
  }),
];

/** How tickets move. */
export const ticketPipelines = ({ pipelines }: QontakDeps): Tool =>
  defineTool({
    name: "get_ticket_pipelines",
    title: "List pipelines of tickets",
    description: "The pipelines that tickets move through, each with its stages.",
    effect: "read",
    input: z.object(pagesIn),
    output: z.object({ items, ...pagesOut }),
    async run(given, call) {
      const { rows, ...pages } = sliced(await pipelines.ofTickets(call), given, null);
      const { data, text } = listed(rows, ["id", "name"]);
      return { data: { ...data, ...pages }, text };
    },
  });

export const listed = (rows: readonly Row[], columns: readonly string[]) => ({
  data: { items: rows.map(toRecord) },
  text: tableOf(columns, rows, rows.length),
});
