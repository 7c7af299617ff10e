import type { REST } from "discord.js";
import { Routes } from "discord-api-types/v10";
import { z } from "zod";
import type { Snowflake } from "./snowflake.ts";

/** So many people's DMs are kept in mind; an older one is asked for again. */
const MAX_KNOWN = 10_000;

const channel = z.object({ id: z.string() });

/** The DM with a person, opened when there is none yet. Rejects when Discord does not give one. */
export type OpenDm = (userId: Snowflake, signal: AbortSignal) => Promise<Snowflake>;

export function createOpenDm(rest: REST): OpenDm {
  const known = new Map<Snowflake, Snowflake>();
  return async (userId, signal) => {
    const before = known.get(userId);
    if (before !== undefined) return before;
    const opened = await rest.post(Routes.userChannels(), {
      body: { recipient_id: userId },
      signal,
    });
    const { id } = channel.parse(opened);
    const [oldest] = known.keys();
    if (known.size >= MAX_KNOWN && oldest !== undefined) known.delete(oldest);
    known.set(userId, id);
    return id;
  };
}
