import type { Clock } from "../core/clock.ts";
import type { Conversation } from "../core/message.ts";
import type { Inbox, Notes } from "../core/stores.ts";
import type { BackFillTask } from "./lanes.ts";
import type { Places } from "./places.ts";
import { isAfter, sentAtOf, snowflakeAt, snowflakeOf, type Snowflake } from "./snowflake.ts";

/** DMs that are looked at after an absence, those that were spoken in last: Discord does not tell what is new in them. */
const MAX_DMS = 200;
/** Where Clara has taken nothing yet, she reads from this long before the newest thing that she took anywhere. */
const OVERLAP_MS = 60_000;
/** When she came to Discord, for as long as she has taken nothing. */
const NOTE = "discord-since";

export interface Order {
  readonly channelId: Snowflake;
  readonly task: BackFillTask;
}

/** Which places of a shard have to be read after an absence, and from where. Rejects when the store is away. */
export type Orders = (shardId: number) => Promise<readonly Order[]>;

export function createOrders(deps: {
  readonly inbox: Pick<Inbox, "watermarks">;
  readonly notes: Notes;
  readonly places: Pick<Places, "spokenInSince">;
  /** False for places where the gate lets nothing in. */
  readonly isServed: (place: Conversation) => boolean;
  readonly clock: Clock;
}): Orders {
  /** From where new places are read; null for nowhere, as she has only just come. */
  async function beginning(marks: readonly Snowflake[]): Promise<Snowflake | null> {
    const newest = marks.toSorted((a, b) => (isAfter(a, b) ? -1 : 1))[0];
    if (newest !== undefined) return snowflakeAt(new Date(sentAtOf(newest).getTime() - OVERLAP_MS));
    const noted = await deps.notes.get(NOTE);
    if (noted === null) await deps.notes.set(NOTE, snowflakeAt(deps.clock.now()));
    return noted;
  }

  return async (shardId) => {
    const known = await deps.inbox.watermarks("discord");
    const marks = new Map(
      known.map(({ conversation: { channelId }, messageId }) => [
        channelId,
        snowflakeOf(messageId),
      ]),
    );
    const from = await beginning([...marks.values()]);
    const markOf = (channelId: Snowflake) => marks.get(channelId) ?? from;
    const inServers = deps.places
      .spokenInSince(shardId, markOf)
      .map(({ conversation }) => conversation);
    // Discord tells the first shard of DMs. https://docs.discord.com/developers/events/gateway#sharding
    const dms = known.filter(({ conversation }) => conversation.kind === "dm").slice(0, MAX_DMS);
    const inPrivate = shardId === 0 ? dms.map(({ conversation }) => conversation) : [];
    return [...inServers.filter(deps.isServed), ...inPrivate].flatMap(({ channelId, guildId }) => {
      const after = markOf(channelId);
      if (after === null) return [];
      const guild = guildId === null ? null : snowflakeOf(guildId);
      return [{ channelId, task: { kind: "back-fill", after, guildId: guild } as const }];
    });
  };
}
