import { z } from "zod";
import { Failure } from "../kit/failure.ts";
import type { Asker, QontakApi } from "./api/client.ts";
import { row, type Row } from "./api/wire.ts";

export interface Stage {
  readonly id: number;
  readonly name: string;
  readonly pipelineId: number;
}

/** How deals and tickets move. Kept for a while. */
export interface Pipelines {
  readonly all: (asker: Asker) => Promise<readonly Row[]>;
  readonly stages: (asker: Asker, pipelineId: number) => Promise<readonly Row[]>;
  readonly ofTickets: (asker: Asker) => Promise<readonly Row[]>;
  /** Throws INVALID_ARGUMENT for a stage of another pipeline. */
  readonly checkDealStage: (asker: Asker, pipelineId: number, stageId: number) => Promise<void>;
  /** Throws INVALID_ARGUMENT for a stage that no pipeline of tickets has. */
  readonly ticketStage: (asker: Asker, stageId: number) => Promise<Stage>;
}

const stageSchema = z.looseObject({ id: z.coerce.number(), name: z.string().nullish() });
const ticketPipelineSchema = z.looseObject({
  id: z.coerce.number(),
  ticket_stages: z.array(stageSchema).nullish(),
});
const rows = z.array(row);

export function createPipelines(api: QontakApi): Pipelines {
  const read = async (asker: Asker, path: string) =>
    (await api.remembered(asker, { kind: "pipelines", path, schema: rows })).value;

  /** A stage that is not there is looked for once more, past what is kept: it may be new. */
  async function find<Schema extends z.ZodType>(
    asker: Asker,
    question: { readonly path: string; readonly schema: Schema },
    stagesOf: (value: z.output<Schema>) => readonly Stage[],
    field: string,
    stageId: number,
  ): Promise<Stage> {
    const known = await api.remembered(asker, { kind: "pipelines", ...question });
    const first = stagesOf(known.value).find(({ id }) => id === stageId);
    if (first) return first;
    const fresh = known.isFresh
      ? known
      : await api.remembered(asker, { kind: "pipelines", ...question, isFresh: true });
    const stages = stagesOf(fresh.value);
    const found = stages.find(({ id }) => id === stageId);
    if (found) return found;
    throw strange(field, stageId, stages);
  }
  return {
    all: (asker) => read(asker, "/pipelines"),
    stages: (asker, pipelineId) => read(asker, stagesPath(pipelineId)),
    ofTickets: (asker) => read(asker, TICKET_PIPELINES),
    async checkDealStage(asker, pipelineId, stageId) {
      const question = { path: stagesPath(pipelineId), schema: z.array(stageSchema) };
      await find(
        asker,
        question,
        (list) => list.map(ofPipeline(pipelineId)),
        "crm_stage_id",
        stageId,
      );
    },
    ticketStage: (asker, stageId) =>
      find(
        asker,
        { path: TICKET_PIPELINES, schema: z.array(ticketPipelineSchema) },
        (list) =>
          list.flatMap(({ id, ticket_stages }) => (ticket_stages ?? []).map(ofPipeline(id))),
        "ticket_stage_id",
        stageId,
      ),
  };
}

const TICKET_PIPELINES = "/tickets/ticket_pipelines";
const stagesPath = (pipelineId: number): string => `/pipelines/${pipelineId}/stages`;

const ofPipeline =
  (pipelineId: number) =>
  ({ id, name }: z.output<typeof stageSchema>): Stage => ({ id, name: name ?? "", pipelineId });

const strange = (field: string, stageId: number, stages: readonly Stage[]): Failure =>
  new Failure(
    "INVALID_ARGUMENT",
    `${field}: there is no stage ${stageId} there. Nothing was sent.`,
    {
      hint: "Use one of these stages.",
      details: { stages: stages.map(({ id, name }) => ({ id, name })) },
    },
  );
