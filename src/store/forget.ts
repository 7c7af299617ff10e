import { sql } from "drizzle-orm";
import { turnId } from "../core/ids.ts";
import type { Inbox } from "../core/stores.ts";
import { array, rows, type Database } from "./database.ts";

/**
 * Blanks messages: in the transcript, in the steps of the turns that answered them, and in summaries, which are made
 * anew from what is left. Gives the open turns that are to stop.
 */
export function createForget({ database }: { readonly database: Database }): Inbox["forget"] {
  return async (ids) => {
    if (ids.length === 0) return [];
    const stopping = await rows<{ id: string }>(
      database.db,
      sql`
        with gone as (
          update messages set text = '', attachments = '[]', deleted_at = now()
          where id = any(${array(ids)}) and deleted_at is null
          returning id, conversation_id, sent_at
        ), unsaid as (
          delete from summaries using gone
          where summaries.conversation_id = gone.conversation_id and summaries.up_to_at >= gone.sent_at
        ), answering as (
          select turns.id, turns.state from turns join gone on gone.id = turns.trigger_id
        ), blanked as (
          update steps set input = '{}', result = case when steps.result is null then null else '{}'::jsonb end
          from answering
          where steps.turn_id = answering.id and answering.state not in ('queued', 'running', 'delivering')
        )
        update turns set cancel_reason = 'deleted' from answering
        where turns.id = answering.id and turns.state in ('queued', 'running', 'delivering')
        returning turns.id`,
    );
    return stopping.map(({ id }) => turnId(id));
  };
}
