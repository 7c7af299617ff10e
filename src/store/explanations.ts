import { sql } from "drizzle-orm/sql";
import { z } from "zod";
import type {
  AnswerFacts,
  ContextFacts,
  CostFacts,
  Explanations,
  Fate,
  ToolFact,
} from "../core/explanations.ts";
import { turnId, turnIdOf } from "../core/ids.ts";
import type { Tier } from "../core/model.ts";
import { isManager, readableKeys, type Scope } from "../core/principal.ts";
import type { CancelReason, Trigger, TurnState } from "../core/turn.ts";
import { array, rows, type Db } from "./database.ts";

export function createExplanations(db: Db): Explanations {
  return {
    async explain(scope, message) {
      const readable = array(readableKeys(scope));
      const [row] = await rows<AnswerRow>(
        db,
        sql`
          select ${FACTS}
          from outbox
            join turns on turns.id = outbox.turn_id
            join conversations on conversations.id = turns.conversation_id
          where outbox.message_id = split_part(${message}, ':', 2) and turns.audience = any(${readable})
            and conversations.platform = split_part(${message}, ':', 1)
          limit 1`,
      );
      return row ? toFacts(row, scope) : null;
    },

    async explainTurns(scope, turns) {
      const readable = array(readableKeys(scope));
      const found = await rows<AnswerRow>(
        db,
        sql`select ${FACTS} from turns where id = any(${array(turns)}) and audience = any(${readable})`,
      );
      return found.map((row) => toFacts(row, scope));
    },

    async fateOf(scope, question) {
      const readable = array(readableKeys(scope));
      const [row] = await rows<FateRow>(
        db,
        sql`
          select turns.state, turns.cancel_reason, turns.outcome->>'detail' as detail, outbox.message_id,
            outbox.state as part_state
          from turns as own
            join turns on turns.id = coalesce(own.merged_into, own.id)
            left join outbox on outbox.turn_id = turns.id and outbox.part = 0
          where own.id = ${turnIdOf(question)} and own.audience = any(${readable})`,
      );
      if (row) return toFate(row);
      const heard = await rows(
        db,
        sql`select from messages where id = ${question} and audience = any(${readable}) and role <> 'clara'`,
      );
      return { kind: heard.length > 0 ? "heard" : "unknown" };
    },
  };
}

const FACTS = sql`
  turns.id, turns.person_id, turns.trigger, turns.tier, turns.revision, turns.attempt,
  turns.outcome->>'detail' as detail,
  (extract(epoch from turns.started_at - turns.queued_at) * 1000)::float8 as waited_ms,
  (extract(epoch from turns.finished_at - turns.started_at) * 1000)::float8 as took_ms,
  (select count(*)::int from turns as other
    where other.conversation_id = turns.conversation_id and other.seq < turns.seq
      and other.finished_at > turns.queued_at) as ahead,
  (select json_agg(json_build_object('kind', kind, 'name', name, 'input', input, 'result', result,
      'elapsedMs', extract(epoch from ended_at - steps.started_at) * 1000) order by steps.seq)
    from steps where steps.turn_id = turns.id and steps.revision = turns.revision) as steps,
  (select json_build_object('calls', count(*), 'unpriced', count(*) filter (where cost_usd is null),
      'costUsd', sum(cost_usd), 'inputTokens', sum(input_tokens),
      'cachedInputTokens', sum(cached_input_tokens), 'outputTokens', sum(output_tokens))
    from usage
    where usage.turn_id = turns.id and usage.person_id = turns.person_id
      and usage.at >= turns.queued_at and usage.purpose <> 'summary') as cost`;

interface AnswerRow {
  readonly id: string;
  readonly person_id: string;
  readonly trigger: Trigger;
  readonly tier: Tier | null;
  readonly revision: number;
  readonly attempt: number;
  readonly detail: string | null;
  readonly waited_ms: number | null;
  readonly took_ms: number | null;
  readonly ahead: number;
  readonly steps: unknown;
  readonly cost: unknown;
}

/** As much of the stored steps as is told. Their words stay where they are. */
const steps = z
  .array(
    z.object({
      kind: z.enum(["model", "tool"]),
      name: z.string(),
      input: z.unknown(),
      result: z.unknown(),
      elapsedMs: z.number().nullable(),
    }),
  )
  .nullable();
type StoredStep = NonNullable<z.infer<typeof steps>>[number];

const contextFacts = z.object({
  lines: z.int(),
  leftOut: z.int(),
  quoted: z.int(),
  summaryUpTo: z.string().nullable(),
  memories: z.int(),
});
const modelResult = z.object({ cost: z.object({ provider: z.string(), model: z.string() }) });
const toolResult = z.object({ isError: z.boolean() });
const spent = z.object({
  calls: z.number(),
  unpriced: z.number(),
  costUsd: z.number().nullable(),
  inputTokens: z.number().nullable(),
  cachedInputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
});

function toFacts(row: AnswerRow, { principal }: Scope): AnswerFacts {
  const all = steps.parse(row.steps) ?? [];
  const asked = all.filter(({ kind }) => kind === "model");
  const mayKnowCost = row.person_id === principal.userId || isManager(principal);
  return {
    turnId: turnId(row.id),
    trigger: row.trigger,
    tier: row.tier,
    models: [...new Set(asked.map(modelOf))],
    context: contextOf(asked),
    tools: all.filter(({ kind }) => kind === "tool").map(toTool),
    revision: row.revision,
    waitedMs: Math.max(0, row.waited_ms ?? 0),
    ahead: row.ahead,
    tookMs: row.took_ms,
    claims: row.attempt + 1,
    detail: row.detail,
    cost: mayKnowCost ? toCost(row.cost) : null,
  };
}

/** Of the newest call that kept it: a later one may have been given less. */
function contextOf(asked: readonly StoredStep[]): ContextFacts | null {
  const kept = asked.flatMap(({ input }) => contextFacts.safeParse(input).data ?? []);
  return kept.at(-1) ?? null;
}

/** Which one really answered; before the answer, which one was asked. */
function modelOf({ name, result }: StoredStep): string {
  const cost = modelResult.safeParse(result).data?.cost;
  return cost && cost.provider !== "" ? `${cost.provider}/${cost.model}` : name;
}

function toTool({ name, result, elapsedMs }: StoredStep): ToolFact {
  const known = toolResult.safeParse(result).data;
  return { name, result: known ? (known.isError ? "error" : "ok") : "unknown", elapsedMs };
}

function toCost(value: unknown): CostFacts {
  const { calls, unpriced, costUsd, ...tokens } = spent.parse(value);
  return {
    calls,
    costUsd: unpriced > 0 ? null : (costUsd ?? 0),
    inputTokens: tokens.inputTokens ?? 0,
    cachedInputTokens: tokens.cachedInputTokens ?? 0,
    outputTokens: tokens.outputTokens ?? 0,
  };
}

interface FateRow {
  readonly state: TurnState;
  readonly cancel_reason: CancelReason | null;
  readonly detail: string | null;
  readonly message_id: string | null;
  readonly part_state: string | null;
}

function toFate(row: FateRow): Fate {
  if (row.state === "cancelled") return { kind: "cancelled", reason: row.cancel_reason };
  if (row.state !== "done") return { kind: "open" };
  if (row.part_state === "undeliverable" || row.message_id === null)
    return { kind: "undeliverable" };
  return { kind: "answered", messageId: row.message_id, detail: row.detail ?? "answered" };
}
