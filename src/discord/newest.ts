import { GatewayDispatchEvents } from "discord-api-types/v10";
import { z } from "zod";
import { isAfter, type Snowflake } from "./snowflake.ts";

/** Channels that are remembered; of others, what Discord told at the start of the session counts. */
const MAX_CHANNELS = 20_000;

/** The newest message of each channel since this process began: discord.js hears of no messages (see client.ts). */
export interface Newest {
  readonly note: (packet: { readonly t: string; readonly d: unknown }) => void;
  /** null for nothing new. */
  readonly of: (channelId: Snowflake) => Snowflake | null;
}

const created = z.object({ id: z.string(), channel_id: z.string() });

export function createNewest(): Newest {
  const byChannel = new Map<Snowflake, Snowflake>();
  return {
    note({ t: event, d: raw }) {
      if (event !== GatewayDispatchEvents.MessageCreate) return;
      const { data } = created.safeParse(raw);
      if (!data) return;
      const known = byChannel.get(data.channel_id);
      if (known !== undefined && !isAfter(data.id, known)) return;
      // Anew at the end, so that the one at the beginning is the one that was quiet for longest.
      byChannel.delete(data.channel_id);
      byChannel.set(data.channel_id, data.id);
      const [quietest] = byChannel.keys();
      if (byChannel.size > MAX_CHANNELS && quietest !== undefined) byChannel.delete(quietest);
    },
    of: (channelId) => byChannel.get(channelId) ?? null,
  };
}
