import type { REST } from "discord.js";
import { MessageFlags, Routes } from "discord-api-types/v10";
import { z } from "zod";
import type { Clock } from "../core/clock.ts";
import type { Snowflake } from "./snowflake.ts";

const sent = z.object({ id: z.string() });

/**
 * Sends, edits and deletes a message, without a sound, and says in one line how that went. A new version proves what an
 * answer needs. Rejects when the signal fires.
 */
export async function selfTest(
  { rest, clock }: { readonly rest: REST; readonly clock: Clock },
  channelId: Snowflake,
  signal: AbortSignal,
): Promise<string> {
  const startedAt = clock.elapsedMs();
  let step = "send";
  try {
    const flags = MessageFlags.SuppressNotifications;
    const body = { content: "-# Trying myself…", flags, allowed_mentions: { parse: [] } };
    const { id } = sent.parse(await rest.post(Routes.channelMessages(channelId), { body, signal }));
    const route = Routes.channelMessage(channelId, id);
    step = "edit";
    await rest.patch(route, { body: { content: "-# Trying myself… done." }, signal });
    step = "delete";
    await rest.delete(route, { signal });
    return `-# ✅ Tried: sent, edited and deleted a message in ${Math.round(clock.elapsedMs() - startedAt)} ms.`;
  } catch (error) {
    signal.throwIfAborted();
    const { status } = error as { readonly status?: unknown };
    const why = typeof status === "number" ? ` (Discord: ${status})` : "";
    return `-# ⚠️ I could not ${step} a message${why}. \`clara doctor\` may know why.`;
  }
}
