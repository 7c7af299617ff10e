import { sql } from "drizzle-orm";
import type { ChannelMode, ChannelSettings, Notes } from "../core/stores.ts";
import { rows, type Db } from "./database.ts";

export function createChannelSettings(db: Db): ChannelSettings {
  return {
    async modes() {
      const found = await rows<{ channel_id: string; mode: ChannelMode }>(
        db,
        sql`select channel_id, mode from channel_settings`,
      );
      return new Map(found.map(({ channel_id: channelId, mode }) => [channelId, mode]));
    },

    async setMode({ principal }, channelId, mode) {
      await db.execute(sql`
        insert into channel_settings (channel_id, guild_id, mode, set_by)
        values (${channelId}, ${principal.guildId}, ${mode}, ${principal.userId})
        on conflict (channel_id) do update set
          mode = excluded.mode, set_by = excluded.set_by, set_at = now()
        where channel_settings.guild_id is not distinct from excluded.guild_id`);
    },
  };
}

export function createNotes(db: Db): Notes {
  return {
    async get(key) {
      const [note] = await rows<{ value: string }>(
        db,
        sql`select value from notes where key = ${key}`,
      );
      return note?.value ?? null;
    },
    async set(key, value) {
      await db.execute(sql`
        insert into notes (key, value) values (${key}, ${value})
        on conflict (key) do update set value = excluded.value`);
    },
  };
}
