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
  const read = async (asker: Asker, path: string): Promise<readonly Row[]> =>
    rows.parse((await api.remembered(asker, { kind: "pipelines", path })).value ?? []);
  const pipelines: Pipelines = {
    all: (asker) => read(asker, "/pipelines"),
    stages: (asker, pipelineId) => read(asker, `/pipelines/${pipelineId}/stages`),
    ofTickets: (asker) => read(asker, "/tickets/ticket_pipelines"),
    async checkDealStage(asker, pipelineId, stageId) {
      const stages = z.array(stageSchema).parse(await pipelines.stages(asker, pipelineId));
      if (stages.some(({ id }) => id === stageId)) return;
      throw strange("crm_stage_id", stageId, stages);
    },
    async ticketStage(asker, stageId) {
      const all = z.array(ticketPipelineSchema).parse(await pipelines.ofTickets(asker));
      const stages = all.flatMap(({ id, ticket_stages }) =>
        (ticket_stages ?? []).map((each) => ({
          id: each.id,
          name: each.name ?? "",
          pipelineId: id,
        })),
      );
      const found = stages.find(({ id }) => id === stageId);
      if (found) return found;
      throw strange("ticket_stage_id", stageId, stages);
    },
  };
  return pipelines;
}

const strange = (
  field: string,
  stageId: number,
  stages: readonly { readonly id: number; readonly name?: string | null | undefined }[],
): Failure =>
  new Failure(
    "INVALID_ARGUMENT",
    `${field}: there is no stage ${stageId} there. Nothing was sent.`,
    {
      hint: "Use one of these stages.",
      details: { stages: stages.map(({ id, name }) => ({ id, name: name ?? "" })) },
    },
  );
