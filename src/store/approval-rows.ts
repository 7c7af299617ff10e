import { sql, type SQL } from "drizzle-orm/sql";
import type { Approval, ApprovalState, Clicker } from "../core/approvals.ts";
import { conversationId, turnId, userId } from "../core/ids.ts";
import type { JsonObject } from "../core/model.ts";
import type { Taint } from "../core/taint.ts";
import type { ToolEffect } from "../core/tool.ts";

export interface ApprovalRow {
  readonly id: string;
  readonly turn_id: string;
  readonly conversation_id: string;
  readonly person_id: string;
  readonly person_name: string;
  readonly tool: string;
  readonly effect: ToolEffect;
  readonly input: JsonObject;
  readonly args_hash: string;
  readonly what: string;
  readonly target: string;
  readonly reversible: boolean;
  readonly clicker: Clicker;
  readonly taints: readonly Taint[];
  readonly state: ApprovalState;
}

/** Of a table or row named `asked`. */
export const AS_APPROVAL: SQL = sql`asked.id, asked.turn_id, asked.conversation_id, asked.person_id,
  (select display_name from people where people.id = asked.person_id) as person_name, asked.tool, asked.effect,
  asked.input, asked.args_hash, asked.what, asked.target, asked.reversible, asked.clicker, asked.taints, asked.state`;

export const toApproval = (row: ApprovalRow): Approval => ({
  id: row.id,
  turnId: turnId(row.turn_id),
  conversationId: conversationId(row.conversation_id),
  askerId: userId(row.person_id),
  askerName: row.person_name,
  tool: row.tool,
  effect: row.effect,
  input: row.input,
  argsHash: row.args_hash,
  what: row.what,
  target: row.target,
  reversible: row.reversible,
  clicker: row.clicker,
  taints: row.taints,
  state: row.state,
});
