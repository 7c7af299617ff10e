import { sql } from "drizzle-orm/sql";
import type { Approvals } from "../core/approvals.ts";
import { audienceKey, readableKeys } from "../core/principal.ts";
import { AS_APPROVAL, toApproval, type ApprovalRow } from "./approval-rows.ts";
import { array, rows, type Database } from "./database.ts";
import { createDecide } from "./decide-approval.ts";
import { toJson, toText } from "./json.ts";
import { isHeld, lost } from "./leases.ts";
import type { TurnJobs } from "./queue/turn-jobs.ts";

/** A call that nobody decided on by then is not made. */
const LIFE = sql`interval '24 hours'`;

export interface ApprovalsDeps {
  readonly database: Database;
  readonly jobs: TurnJobs;
  /** A new UUID. */
  readonly createId: () => string;
}

export function createApprovals(deps: ApprovalsDeps): Approvals {
  const { db } = deps.database;
  return {
    async ask(lease, call) {
      // The id follows from the call, so that the same one is kept once.
      const [asked] = await rows<ApprovalRow>(
        db,
        sql`
          insert into approvals as asked (
            id, turn_id, revision, audience, conversation_id, guild_id, person_id, tool, effect, input, args_hash, what,
            target, reversible, clicker, taints, expires_at)
          select left(encode(sha256(convert_to(
              turns.id || ' ' || turns.revision || ' ' || ${call.argsHash}::text, 'UTF8')), 'hex'), 16),
            turns.id, turns.revision, turns.audience, turns.conversation_id, turns.guild_id, turns.person_id,
            ${call.tool}, ${call.effect}, ${toJson(call.input)}::jsonb, ${call.argsHash}, ${toText(call.what)},
            ${toText(call.target)}, ${call.reversible}, ${call.clicker}, ${toJson(call.taints)}::jsonb, now() + ${LIFE}
          from turns where ${isHeld(lease)}
          on conflict (id) do update set tool = asked.tool
          returning ${AS_APPROVAL}`,
      );
      if (!asked) throw lost(lease);
      return toApproval(asked);
    },

    async openOf(lease) {
      const found = await rows<ApprovalRow>(
        db,
        sql`
          select ${AS_APPROVAL} from approvals as asked join turns on turns.id = asked.turn_id
          where ${isHeld(lease)} and asked.revision = turns.revision and asked.state = 'open'
          order by asked.created_at, asked.id`,
      );
      return found.map(toApproval);
    },

    async isGranted(scope, conversation, { tool, argsHash }) {
      const found = await rows(
        db,
        sql`
          select id from tool_grants
          where person_id = ${scope.principal.userId} and audience = any(${array(readableKeys(scope))}) and tool = ${tool}
            and (conversation_id = ${conversation} or args_hash = ${argsHash})
          limit 1`,
      );
      return found.length > 0;
    },

    decide: createDecide(deps),

    async toRun(lease) {
      const [found] = await rows<ApprovalRow>(
        db,
        sql`
          select ${AS_APPROVAL} from approvals as asked join turns on turns.id = asked.follow_up
          where ${isHeld(lease)} and turns.revision = 0 and asked.state = 'approved'`,
      );
      return found ? toApproval(found) : null;
    },

    async revokeGrants(scope) {
      const key = audienceKey(scope.audience);
      readableKeys(scope);
      const gone = await rows(
        db,
        sql`delete from tool_grants where person_id = ${scope.principal.userId} and audience = ${key} returning id`,
      );
      return gone.length;
    },
  };
}
