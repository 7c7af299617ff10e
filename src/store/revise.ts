import { sql } from "drizzle-orm";
import { turnId } from "../core/ids.ts";
import { readableKeys } from "../core/principal.ts";
import type { Inbox } from "../core/stores.ts";
import { array, rows } from "./database.ts";
import type { InboxDeps } from "./inbox.ts";
import { toText } from "./json.ts";

/** An answer that is older than this stays as it is when its question is edited. */
const REVISABLE = sql`interval '1 hour'`;

/** New words for a message, and a new revision of the turn that answers it, if there is one. See docs/decisions/0004. */
export function createRevise({
  database,
  jobs,
  createId,
}: Pick<InboxDeps, "database" | "jobs" | "createId">): Inbox["revise"] {
  return async (scope, id, given) => {
    const text = toText(given);
    const readable = array(readableKeys(scope));
    const revised = await database.transact(async (transaction) => {
      const { db } = transaction;
      const changed = await rows(
        db,
        sql`
          with changed as (
            update messages set text = ${text}, edited_at = now()
            where id = ${id} and author_id = ${scope.principal.userId} and audience = any(${readable})
              and role <> 'clara' and deleted_at is null and text <> ${text}
            returning conversation_id, sent_at
          ), unsaid as (
            delete from summaries using changed
            where summaries.conversation_id = changed.conversation_id and summaries.up_to_at >= changed.sent_at
          )
          select from changed`,
      );
      if (changed.length === 0) return { kind: "unchanged" } as const;

      const jobId = createId();
      const [again] = await rows<{ id: string; conversation_id: string }>(
        db,
        sql`
          update turns set revision = revision + 1, generation = generation + 1, state = 'queued', outcome = null,
            cancel_reason = null, job_id = ${jobId}::uuid, queued_at = now(), started_at = null, finished_at = null
          where (trigger_id = ${id} or ${id} = any(absorbed))
            and (state in ('running', 'delivering') or (state = 'done' and finished_at > now() - ${REVISABLE}))
          returning id, conversation_id`,
      );
      if (!again) return { kind: "changed" } as const;
      const { id: answered, conversation_id: conversationId } = again;
      await jobs.add(transaction, { jobId, turnId: turnId(answered), conversationId });
      return { kind: "again", turnId: turnId(answered) } as const;
    });
    if (revised.kind === "again") jobs.wake();
    return revised;
  };
}
