import { sql } from "drizzle-orm/sql";
import type { Fault } from "../core/fault.ts";
import type { StepStore } from "../core/stores.ts";
import { rows, type Db } from "./database.ts";
import { toJson } from "./json.ts";
import { isHeld, lost } from "./leases.ts";

export function createStepStore({
  db,
  fault,
}: {
  readonly db: Db;
  readonly fault: Fault;
}): StepStore {
  return {
    async begin(lease, steps) {
      const begun = await rows(
        db,
        sql`
          insert into steps (turn_id, revision, seq, generation, kind, name, effect, input, decision, args_hash)
          select turns.id, turns.revision, step.seq, turns.generation, step.kind, step.name, step.effect, step.input,
            step.decision, step."argsHash"
          from turns, jsonb_to_recordset(${toJson(steps)}::jsonb)
            as step(seq int, kind text, name text, effect text, input jsonb, decision text, "argsHash" text)
          where ${isHeld(lease)}
          on conflict (turn_id, revision, seq) do update set
            generation = excluded.generation, name = excluded.name, input = excluded.input, effect = excluded.effect,
            decision = excluded.decision, args_hash = excluded.args_hash, started_at = now()
          returning seq`,
      );
      if (begun.length < steps.length) throw lost(lease);
      fault(steps[0]?.kind === "model" ? "turn.llm.step.intent" : "turn.tool.intent");
    },

    async end(lease, seq, result, cost) {
      const spent =
        cost === null
          ? sql``
          : sql`, booked as (
              delete from reservations using ended where reservations.turn_id = ended.turn_id returning usd
            ), paid as (
              insert into usage (purpose, turn_id, person_id, conversation_id, guild_id, provider, model, input_tokens,
                cached_input_tokens, cache_write_tokens, output_tokens, cost_usd, counted_usd, estimated)
              select 'turn', turns.id, turns.person_id, turns.conversation_id, turns.guild_id, ${cost.provider},
                ${cost.model}, ${cost.usage.inputTokens}, ${cost.usage.cachedInputTokens},
                ${cost.usage.cacheWriteTokens}, ${cost.usage.outputTokens}, ${cost.usage.costUsd}::float8,
                coalesce(${cost.usage.costUsd}::float8, (select usd from booked), 0), ${cost.usage.estimated}
              from turns join ended on ended.turn_id = turns.id
            )`;
      const ended = await rows(
        db,
        sql`
          with ended as (
            update steps set result = ${toJson(result)}::jsonb, taints = nullif(${toJson(result["taints"] ?? null)}::jsonb, 'null'), ended_at = now() from turns
            where ${isHeld(lease)} and steps.turn_id = turns.id and steps.revision = turns.revision and steps.seq = ${seq}
            returning steps.turn_id
          )${spent}
          select turn_id from ended`,
      );
      if (ended.length === 0) throw lost(lease);
      fault(cost === null ? "turn.tool.result.saved" : "turn.llm.step.result");
      if (cost !== null) fault("turn.budget.charged");
    },
  };
}
