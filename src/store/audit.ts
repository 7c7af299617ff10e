import { sql, type SQL } from "drizzle-orm/sql";
import type { Audit, AuditedCall, StepDecision } from "../core/approvals.ts";
import { conversationId, turnId, userId } from "../core/ids.ts";
import { isGuildAdmin, readableKeys, type Scope } from "../core/principal.ts";
import type { Taint } from "../core/taint.ts";
import type { ToolEffect } from "../core/tool.ts";
import { array, rows, type Db } from "./database.ts";

const MAX_CALLS = 200;
/** Characters of the arguments. */
const SHORT = 200;
/** What was told to tools, and what they gave, is kept for so long. */
const KEPT = sql`interval '90 days'`;
/** Steps that one tidying blanks. */
const MAX_TIDIED = 10_000;
/** Different sources that are told of earlier turns. */
const MAX_TAINTS = 20;
/** Addresses that earlier turns were given. */
const MAX_ADDRESSES = 2_000;

export interface StoredAudit extends Audit {
  /** Blanks arguments and results that are old; that a call was made stays. */
  readonly tidy: () => Promise<void>;
}

/** The calls of tools, as the steps of turns hold them. */
export function createAudit(db: Db): StoredAudit {
  return {
    async ofTurn(scope, id) {
      return select(
        db,
        sql`${isReadable(scope)} and turns.id = ${id} and steps.revision = turns.revision
          order by steps.seq limit ${MAX_CALLS}`,
      );
    },

    async recent(scope, limit) {
      const { principal } = scope;
      const inGuild = isGuildAdmin(principal)
        ? sql`turns.guild_id = ${principal.guildId}`
        : sql`false`;
      return select(
        db,
        sql`(${isReadable(scope)} or ${inGuild})
          order by steps.started_at desc limit ${Math.min(limit, MAX_CALLS)}`,
      );
    },

    async taintsOf(scope, conversation, { turnIds, upTo }) {
      const here = sql`turns.conversation_id = ${conversation}`;
      const old = upTo === null ? sql`false` : sql`(${here} and turns.queued_at <= ${upTo})`;
      const found = await rows<{ taint: Taint }>(
        db,
        sql`
          select distinct taint from turns join steps on steps.turn_id = turns.id,
            jsonb_array_elements(steps.taints) as taint
          where ${isReadable(scope)} and steps.taints is not null
            and (${old} or turns.id in (
              select coalesce(merged_into, id) from turns where id = any(${array(turnIds)})))
          limit ${MAX_TAINTS}`,
      );
      return found.map(({ taint }) => taint);
    },

    async addressesOf(scope, conversation, turnIds) {
      const found = await rows<{ address: string }>(
        db,
        sql`
          select address from turns join steps on steps.turn_id = turns.id,
            jsonb_array_elements_text(
              coalesce(steps.result -> 'sources', '[]') || coalesce(steps.result -> 'links', '[]')) as address
          where ${isReadable(scope)} and turns.conversation_id = ${conversation} and steps.kind = 'tool'
            and turns.id in (select coalesce(merged_into, id) from turns where id = any(${array(turnIds)}))
          order by steps.started_at desc limit ${MAX_ADDRESSES}`,
      );
      return found.map(({ address }) => address);
    },

    async tidy() {
      await rows(
        db,
        sql`
          update steps set input = '{}', result = case when result is null then null else '{}'::jsonb end
          where (turn_id, revision, seq) in (
            select turn_id, steps.revision, steps.seq from steps join turns on turns.id = steps.turn_id
            where steps.started_at < now() - ${KEPT} and steps.input <> '{}'
              and turns.state in ('done', 'cancelled', 'merged')
            limit ${MAX_TIDIED})`,
      );
    },
  };
}

const isReadable = (scope: Scope): SQL => sql`turns.audience = any(${array(readableKeys(scope))})`;

interface CallRow {
  readonly turn_id: string;
  readonly conversation_id: string;
  readonly person_id: string;
  readonly name: string;
  readonly effect: ToolEffect;
  readonly decision: StepDecision | null;
  readonly args_hash: string | null;
  readonly args_short: string;
  readonly is_error: boolean | null;
  readonly elapsed_ms: number | null;
  readonly taints: readonly Taint[] | null;
  readonly started_at: Date;
}

async function select(db: Db, rest: SQL): Promise<readonly AuditedCall[]> {
  const found = await rows<CallRow>(
    db,
    sql`
      select steps.turn_id, turns.conversation_id, turns.person_id, steps.name, steps.effect, steps.decision,
        steps.args_hash, left(steps.input::text, ${SHORT}) as args_short, (steps.result ->> 'isError')::boolean as is_error,
        (extract(epoch from steps.ended_at - steps.started_at) * 1000)::float8 as elapsed_ms, steps.taints,
        steps.started_at
      from steps join turns on turns.id = steps.turn_id
      where steps.kind = 'tool' and ${rest}`,
  );
  return found.map((row) => ({
    turnId: turnId(row.turn_id),
    conversationId: conversationId(row.conversation_id),
    personId: userId(row.person_id),
    tool: row.name,
    effect: row.effect,
    decision: row.decision,
    argsHash: row.args_hash,
    argsShort: row.args_short,
    result: row.is_error === null ? "unknown" : row.is_error ? "error" : "ok",
    elapsedMs: row.elapsed_ms,
    taints: row.taints ?? [],
    at: row.started_at,
  }));
}
