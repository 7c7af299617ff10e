import { sql } from "drizzle-orm/sql";
import { z } from "zod";
import type { GuildId } from "../core/ids.ts";
import { readableKeys, ScopeError, type Platform, type Scope } from "../core/principal.ts";
import {
  MAX_ROLE_BUDGETS,
  NO_SETTINGS,
  type Settings,
  type SettingsHolder,
  type SettingsOf,
  type SettingsPlace,
  type SettingsStore,
} from "../core/settings.ts";
import { array, rows, type Db } from "./database.ts";
import { toJson } from "./json.ts";

/** What cannot be read, as from a version of another time, is not set. */
const stored = z.object({
  tier: z.enum(["high", "mid", "low"]).nullable().catch(null),
  autoTier: z.boolean().nullable().catch(null),
  personality: z.string().nullable().catch(null),
  language: z.string().nullable().catch(null),
  timeZone: z.string().nullable().catch(null),
  dailyUsd: z.number().nullable().catch(null),
  answerButtons: z.boolean().nullable().catch(null),
  remindersTo: z.enum(["here", "dm"]).nullable().catch(null),
  retentionDays: z.number().nullable().catch(null),
  logChannelId: z.string().nullable().catch(null),
  roleUsd: z.record(z.string(), z.number()).nullable().catch(null),
  receipts: z.boolean().nullable().catch(null),
});

export function createSettingsStore(db: Db): SettingsStore {
  async function of(scope: Scope, place: SettingsPlace): Promise<SettingsOf> {
    const keys = keysOf(scope, place);
    const wanted = Object.values(keys).filter((key) => key !== null);
    const found = await rows<{ holder: string; values: unknown }>(
      db,
      sql`select holder, values from preferences where holder = any(${array(wanted)})`,
    );
    const read = (key: string | null): Settings => {
      const row = found.find(({ holder }) => holder === key);
      return row ? stored.parse({ ...NO_SETTINGS, ...Object(row.values) }) : NO_SETTINGS;
    };
    return { person: read(keys.person), channel: read(keys.channel), guild: read(keys.guild) };
  }

  async function change(
    scope: Scope,
    place: SettingsPlace,
    holder: SettingsHolder,
    values: Partial<Settings>,
  ): Promise<void> {
    const key = keyOf(scope, place, holder);
    await rows(
      db,
      sql`
          insert into preferences (holder, values, set_by)
          values (${key}, ${toJson(values)}::jsonb, ${scope.principal.userId})
          on conflict (holder) do update set
            values = preferences.values || excluded.values, set_by = excluded.set_by, set_at = now()`,
    );
  }

  return {
    of,

    async ofConversation(scope, id) {
      const [place] = await rows<PlaceRow>(
        db,
        sql`
          select platform, guild_id, channel_id, parent_id from conversations
          where id = ${id} and audience = any(${array(readableKeys(scope))})`,
      );
      if (place) return of(scope, toPlace(place));
      const { person } = await of(scope, ownPlace(scope));
      return { person, channel: NO_SETTINGS, guild: NO_SETTINGS };
    },

    async forgetAll(person) {
      const gone = await rows(
        db,
        sql`delete from preferences where holder = ${`person:${person}`} returning holder`,
      );
      return gone.length > 0;
    },

    async zone(scope) {
      return (await of(scope, ownPlace(scope))).person.timeZone;
    },

    async logChannelOf(guild) {
      const [found] = await rows<{ channel: string | null }>(
        db,
        sql`select values ->> 'logChannelId' as channel from preferences where holder = ${`guild:${guild}`}`,
      );
      return found?.channel ?? null;
    },

    setZone: (scope, timeZone) => change(scope, ownPlace(scope), "person", { timeZone }),

    change,

    async setRoleUsd(scope, place, role, usd) {
      const key = keyOf(scope, place, "guild");
      if (usd === null) {
        await rows(
          db,
          sql`
            update preferences set values = values #- ${array(["roleUsd", role])},
              set_by = ${scope.principal.userId}, set_at = now()
            where holder = ${key} and jsonb_typeof(values -> 'roleUsd') = 'object'`,
        );
        return true;
      }
      // One statement: of two that come at once, neither writes what it read before the other wrote.
      const set = await rows(
        db,
        sql`
          insert into preferences (holder, values, set_by)
          values (${key}, ${toJson({ roleUsd: { [role]: usd } })}::jsonb, ${scope.principal.userId})
          on conflict (holder) do update set
            values = preferences.values || jsonb_build_object('roleUsd', ${ROLE_USD} || (excluded.values -> 'roleUsd')),
            set_by = excluded.set_by, set_at = now()
          where jsonb_exists(${ROLE_USD}, ${role})
            or (select count(*) from jsonb_object_keys(${ROLE_USD})) < ${MAX_ROLE_BUDGETS}
          returning holder`,
      );
      return set.length > 0;
    },
  };
}

/** What stands there; nothing where it cannot be read. */
const ROLE_USD = sql`
  case when jsonb_typeof(preferences.values -> 'roleUsd') = 'object'
    then preferences.values -> 'roleUsd' else '{}'::jsonb end`;

interface PlaceRow {
  readonly platform: Platform;
  readonly guild_id: GuildId | null;
  readonly channel_id: string;
  readonly parent_id: string | null;
}

const toPlace = (row: PlaceRow): SettingsPlace => ({
  platform: row.platform,
  guildId: row.guild_id,
  channelId: row.channel_id,
  parentId: row.parent_id,
});

/** For what is the person's own and of no place. */
const ownPlace = ({ principal: { platform, guildId } }: Scope): SettingsPlace => ({
  platform,
  guildId,
  channelId: "",
  parentId: null,
});

function keyOf(scope: Scope, place: SettingsPlace, holder: SettingsHolder): string {
  const key = keysOf(scope, place)[holder];
  if (key === null) throw new ScopeError("A private chat belongs to no channel and no server");
  return key;
}

/** Threads do as their channel does. Throws ScopeError for a place that is not the scope's. */
function keysOf(
  scope: Scope,
  { platform, guildId, channelId, parentId }: SettingsPlace,
): Readonly<Record<SettingsHolder, string | null>> {
  readableKeys(scope);
  const { principal } = scope;
  if (guildId !== principal.guildId)
    throw new ScopeError("The place's server is not the one where the principal speaks");
  const isInGuild = guildId !== null;
  return {
    person: `person:${principal.userId}`,
    channel: isInGuild ? `channel:${platform}:${parentId ?? channelId}` : null,
    guild: isInGuild ? `guild:${guildId}` : null,
  };
}
