import { sql } from "drizzle-orm/sql";
import type { Acquaintances } from "../core/asker.ts";
import { audienceKey, readableKeys, ScopeError } from "../core/principal.ts";
import { rows, type Db } from "./database.ts";

/** As long as names and titles ever are. */
const MAX_NAME_CHARS = 200;

export function createAcquaintances(db: Db): Acquaintances {
  return {
    async meet(scope, place) {
      readableKeys(scope);
      if (audienceKey(scope.audience) !== audienceKey(place.audience))
        throw new ScopeError("A place is made known by whoever is there");
      const { principal } = scope;
      const name = principal.displayName.slice(0, MAX_NAME_CHARS);
      // No watermark: nothing said there was taken, so nothing is read on from.
      await rows(
        db,
        sql`
          with person as (
            insert into people (id, platform, display_name)
            values (${principal.userId}, ${principal.platform}, ${name}) on conflict (id) do nothing
          )
          insert into conversations (id, platform, kind, guild_id, channel_id, parent_id, title, audience)
          values (${place.id}, ${place.platform}, ${place.kind}, ${place.guildId}, ${place.channelId},
            ${place.parentId}, ${place.title.slice(0, MAX_NAME_CHARS)}, ${audienceKey(place.audience)})
          on conflict (id) do nothing`,
      );
    },

    async lastSpokeAt(scope, since) {
      readableKeys(scope);
      const { userId, guildId } = scope.principal;
      const [last] = await rows<{ sent_at: Date | null }>(
        db,
        sql`
          select max(own.sent_at) as sent_at
          from conversations cross join lateral (
            select sent_at from messages
            where conversation_id = conversations.id and author_id = ${userId} and role = 'person'
              and deleted_at is null and sent_at > ${since}
            order by sent_at desc limit 1
          ) as own
          where conversations.guild_id = ${guildId}`,
      );
      return last?.sent_at ?? null;
    },
  };
}
