import { sql } from "drizzle-orm/sql";
import { readableKeys } from "../core/principal.ts";
import type { Inbox } from "../core/stores.ts";
import { goAgain, lockAnswering, type AnsweringTurn } from "./answering.ts";
import { array, rows } from "./database.ts";
import type { InboxDeps } from "./inbox.ts";
import { unlearnMessages } from "./memory-forget.ts";
import { toText } from "./json.ts";
import { unsay } from "./summaries.ts";

/** An answer that is older than this stays as it is when its question is edited. */
const REVISABLE_MS = 3_600_000;

/** New words for a message, and a new revision of the turn that answers it, if there is one. See docs/decisions/0004. */
export function createRevise(deps: InboxDeps): Inbox["revise"] {
  return async (scope, id, given) => {
    const text = toText(given);
    const readable = array(readableKeys(scope));
    const revised = await deps.database.transact(async (transaction) => {
      const [changed] = await rows<{ now: Date }>(
        transaction.db,
        sql`
          update messages set text = ${text}, edited_at = now()
          where id = ${id} and author_id = ${scope.principal.userId} and audience = any(${readable})
            and role <> 'clara' and deleted_at is null and text <> ${text}
          returning now()`,
      );
      if (!changed) return { kind: "unchanged" } as const;
      await unsay(transaction.db, [id]);
      await unlearnMessages(transaction.db, [id]);
      const [turn] = await lockAnswering(transaction.db, [id]);
      if (!turn || !isRevisable(turn, changed.now)) return { kind: "changed" } as const;
      await goAgain(deps, transaction, turn, turn.questions);
      return { kind: "again", turnId: turn.id } as const;
    });
    if (revised.kind === "again") deps.jobs.wake();
    return revised;
  };
}

/** A turn that waits reads the new words anyway. */
function isRevisable({ state, finished_at: finishedAt }: AnsweringTurn, now: Date): boolean {
  if (state === "running" || state === "delivering") return true;
  return (
    state === "done" && finishedAt !== null && now.getTime() - finishedAt.getTime() < REVISABLE_MS
  );
}
