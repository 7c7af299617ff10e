import { sql, type SQL } from "drizzle-orm/sql";
import { z } from "zod";
import { conversationId, guildId, userId } from "../core/ids.ts";
import type { Conversation } from "../core/message.ts";
import { readableKeys, type Scope } from "../core/principal.ts";
import type { Reminder, ReminderState } from "../core/reminders.ts";
import { array, rows, type Db } from "./database.ts";

const channelAudience = z.object({
  kind: z.literal("channel"),
  conversationId: z.string().transform(conversationId),
  guildId: z.string().transform(guildId).nullable(),
});

/** A place as a JSON column holds it. */
const place = z.object({
  id: z.string().transform(conversationId),
  platform: z.enum(["discord", "web", "terminal"]),
  kind: z.enum(["dm", "channel", "thread", "local"]),
  guildId: z.string().transform(guildId).nullable(),
  channelId: z.string(),
  parentId: z.string().nullable(),
  title: z.string(),
  audience: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("private"), userId: z.string().transform(userId) }),
    channelAudience,
    z.object({ kind: z.literal("guild"), guildId: z.string().transform(guildId) }),
  ]),
});

export const toPlace = (value: unknown): Conversation => place.parse(value);

const repeat = z.object({
  every: z.int().min(1),
  unit: z.enum(["minute", "hour", "day", "week", "month", "year"]),
  weekdays: z.array(z.int().min(1).max(7)),
  start: z.string(),
  zone: z.string(),
});

export const toRepeat = (value: unknown): Reminder["repeat"] =>
  value === null ? null : repeat.parse(value);

export interface ReminderRow {
  readonly id: string;
  readonly place: unknown;
  readonly to: Reminder["to"];
  readonly text: string;
  readonly zone: string;
  readonly due_at: Date;
  readonly repeat: unknown;
  readonly times_left: number;
  readonly state: ReminderState;
}

export const toReminder = (row: ReminderRow): Reminder => ({
  id: Number(row.id),
  place: toPlace(row.place),
  to: row.to,
  text: row.text,
  zone: row.zone,
  dueAt: row.due_at,
  repeat: toRepeat(row.repeat),
  timesLeft: row.times_left,
  state: row.state,
});

/** The rows of the scope's own person that may be shown to whoever reads: in private all of his. */
export function isOwn(scope: Scope): SQL {
  const keys = readableKeys(scope);
  const { userId: owner } = scope.principal;
  const isPrivate = scope.audience.kind === "private";
  return isPrivate
    ? sql`owner_id = ${owner}`
    : sql`owner_id = ${owner} and audience = any(${array(keys)})`;
}

/** Whoever sets something may never have spoken. Locks the person's row, so that counting and adding are one. */
export async function lockOwner(db: Db, { principal }: Scope): Promise<void> {
  const { userId: owner, platform, displayName } = principal;
  await rows(
    db,
    sql`insert into people (id, platform, display_name) values (${owner}, ${platform}, ${displayName})
      on conflict (id) do update set id = excluded.id`,
  );
}
