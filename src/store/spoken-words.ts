import { sql } from "drizzle-orm/sql";
import { readableKeys } from "../core/principal.ts";
import type { SpokenWords } from "../core/stores.ts";
import { array, rows, type Database } from "./database.ts";
import { toText } from "./json.ts";

/** What is said in attachments, kept with their message: it goes when the message goes. */
export const createSpokenWords = ({ db }: Database): SpokenWords => ({
  async keep(scope, id, attachmentId, words) {
    const kept = await rows(
      db,
      sql`
        update messages set attachments = (
          select jsonb_agg(case when each->>'id' = ${attachmentId}
            then each || jsonb_build_object('words', ${toText(words)}::text) else each end order by position)
          from jsonb_array_elements(attachments) with ordinality as listed(each, position))
        where id = ${id} and audience = any(${array(readableKeys(scope))}) and deleted_at is null
          and attachments @> jsonb_build_array(jsonb_build_object('id', ${attachmentId}::text))
        returning id`,
    );
    return kept.length > 0;
  },
});
