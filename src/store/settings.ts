import { sql } from "drizzle-orm/sql";
import { readableKeys, ScopeError } from "../core/principal.ts";
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

    async setMode(scope, channelId, mode) {
      readableKeys(scope);
      const { guildId, userId } = scope.principal;
      if (guildId === null) throw new ScopeError("Only channels of a guild have a mode");
      const set = await rows(
        db,
        sql`
          insert into channel_settings (channel_id, guild_id, mode, set_by)
          select ${channelId}, ${guildId}, ${mode}, ${userId}
          where not exists (
            select from conversations where channel_id = ${channelId} and guild_id is distinct from ${guildId})
          on conflict (channel_id) do update set mode = excluded.mode, set_by = excluded.set_by, set_at = now()
          where channel_settings.guild_id = excluded.guild_id
          returning channel_id`,
      );
      if (set.length === 0) throw new ScopeError("The channel belongs to another guild");
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
      await rows(
        db,
        sql`
          insert into notes (key, value) values (${key}, ${value})
          on conflict (key) do update set value = excluded.value`,
      );
    },
  };
}
