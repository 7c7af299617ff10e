import { sql } from "drizzle-orm/sql";
import {
  decisionLine,
  type Approval,
  type ApprovalChoice,
  type Approvals,
  type Decided,
  type Decision,
} from "../core/approvals.ts";
import { turnIdOf, type ConversationId, type TurnId } from "../core/ids.ts";
import type { IncomingMessage } from "../core/message.ts";
import {
  audienceKey,
  isGuildAdmin,
  readableKeys,
  type Principal,
  type Scope,
} from "../core/principal.ts";
import { AS_APPROVAL, toApproval, type ApprovalRow } from "./approval-rows.ts";
import type { ApprovalsDeps } from "./approvals.ts";
import { array, rows, type Db, type Transaction } from "./database.ts";
import { addTurn } from "./inbox.ts";
import { keepMessages } from "./keep-messages.ts";
import { fromStored } from "./principals.ts";
import { toConversation, type ConversationRow } from "./watermarks.ts";

/** What stands behind a click: one transaction, and of two clicks at once the second finds it done. */
export function createDecide(deps: ApprovalsDeps): Approvals["decide"] {
  return async (scope, conversation, decision) => {
    const decided = await deps.database.transact(async (transaction): Promise<Decided> => {
      const found = await lock(transaction.db, scope, conversation, decision.id);
      if (!found) return { kind: "unknown" };
      const approval = toApproval(found);
      if (approval.state !== "open") return { kind: "settled", approval };
      if (!mayDecide(scope, approval, found, decision.choice))
        return { kind: "not-yours", approval };
      if (found.is_over) return { kind: "expired", approval };
      return settle(deps, transaction, scope, found, decision);
    });
    if (decided.kind === "decided" && decided.turnId !== null) deps.jobs.wake();
    return decided;
  };
}

interface Found extends ApprovalRow {
  readonly guild_id: string | null;
  readonly principal: unknown;
  readonly place: ConversationRow;
  /** Too old, or its question was edited or taken back. */
  readonly is_over: boolean;
  readonly now: Date;
}

async function lock(
  db: Db,
  scope: Scope,
  conversation: ConversationId,
  id: string | null,
): Promise<Found | undefined> {
  const { userId } = scope.principal;
  const which =
    id === null ? sql`asked.person_id = ${userId} and asked.state = 'open'` : sql`asked.id = ${id}`;
  const [found] = await rows<Found>(
    db,
    sql`
      select ${AS_APPROVAL}, asked.guild_id, turns.principal, row_to_json(place) as place, now() as now,
        (asked.expires_at <= now() or turns.revision <> asked.revision or turns.state = 'cancelled') as is_over
      from approvals as asked
        join turns on turns.id = asked.turn_id
        join conversations as place on place.id = asked.conversation_id
      where ${which} and asked.conversation_id = ${conversation}
        and asked.audience = any(${array(readableKeys(scope))})
      order by asked.created_at desc limit 1
      for update of asked`,
  );
  return found;
}

/** Everybody may deny what was asked in his own name. */
function mayDecide(
  { principal }: Scope,
  { askerId, clicker }: Approval,
  { guild_id: guildId }: Found,
  choice: ApprovalChoice,
): boolean {
  const isAsker = principal.userId === askerId;
  const isAdmin = isGuildAdmin(principal) && principal.guildId === guildId;
  if (choice === "deny" && isAsker) return true;
  return clicker === "asker" ? isAsker : isAdmin;
}

async function settle(
  { jobs, createId }: ApprovalsDeps,
  transaction: Transaction,
  { principal }: Scope,
  found: Found,
  { choice, trigger, tellsDenial }: Decision,
): Promise<Decided> {
  const { db } = transaction;
  const approval: Approval = {
    ...toApproval(found),
    state: choice === "deny" ? "denied" : "approved",
  };
  const message = toMessage(principal, found, approval, choice, trigger);
  await keepMessages(db, [message]);
  const follows = choice !== "deny" || tellsDenial;
  const turnId = follows ? await addFollowUp(transaction, message) : null;
  await rows(
    db,
    sql`
      update approvals set state = ${approval.state}, choice = ${choice}, decided_by = ${principal.userId},
        decided_at = now(), follow_up = ${turnId}
      where id = ${approval.id}`,
  );
  const grant = toGrant(choice, approval);
  if (grant)
    await rows(
      db,
      sql`
        insert into tool_grants (person_id, audience, tool, conversation_id, args_hash)
        values (${approval.askerId}, ${audienceKey(message.conversation.audience)}, ${approval.tool},
          ${grant.conversation}, ${grant.argsHash})`,
    );
  return { kind: "decided", approval, turnId };

  async function addFollowUp(
    within: Transaction,
    { id, conversation }: IncomingMessage,
  ): Promise<TurnId> {
    const turn = { id: turnIdOf(id), jobId: createId() };
    const scope = { principal: message.author, audience: conversation.audience };
    await addTurn(within.db, scope, message, { trigger: "approval", tier: null }, turn);
    await jobs.add(within, { jobId: turn.jobId, turnId: turn.id, conversationId: conversation.id });
    return turn.id;
  }
}

/** The click as a line of whoever asked: the turn that follows is his, also when an admin clicked. */
function toMessage(
  clicking: Principal,
  found: Found,
  approval: Approval,
  choice: ApprovalChoice,
  trigger: Decision["trigger"],
): IncomingMessage {
  const asked = fromStored(found.principal);
  return {
    id: trigger(approval),
    conversation: toConversation(found.place),
    author: clicking.userId === asked.userId ? clicking : asked,
    authorIsBot: false,
    text: decisionLine(approval, choice),
    replyTo: null,
    attachments: [],
    sentAt: found.now,
  };
}

/** What a choice means for later calls; nothing for "once". */
const toGrant = (
  choice: ApprovalChoice,
  { conversationId: conversation, argsHash }: Approval,
): { readonly conversation: string | null; readonly argsHash: string | null } | null => {
  if (choice === "conversation") return { conversation, argsHash: null };
  return choice === "always" ? { conversation: null, argsHash } : null;
};
