import type { REST } from "discord.js";
import { Routes } from "discord-api-types/v10";
import { z } from "zod";
import type { Log } from "../core/log.ts";
import { asError } from "../lib/as-error.ts";
import type { Snowflake } from "./snowflake.ts";

/** Who asks does not wait longer than this for Discord. */
const MAX_WAIT_MS = 1_500;

const application = z.looseObject({
  owner: z.looseObject({ id: z.string() }).nullish(),
  team: z
    .looseObject({ members: z.array(z.looseObject({ user: z.looseObject({ id: z.string() }) })) })
    .nullish(),
});

/**
 * Who owns this bot's application at Discord, alone or as a team: by id, and asked of Discord once. While Discord does
 * not say it, nobody does.
 */
export function createOperators({ rest, log }: { readonly rest: REST; readonly log: Log }) {
  let known: ReadonlySet<Snowflake> | null = null;

  async function ids(signal: AbortSignal): Promise<ReadonlySet<Snowflake>> {
    if (known) return known;
    try {
      const within = AbortSignal.any([signal, AbortSignal.timeout(MAX_WAIT_MS)]);
      const { owner, team } = application.parse(
        await rest.get(Routes.currentApplication(), { signal: within }),
      );
      // The owner of a team's application stands for the team.
      const members = team ? team.members.map(({ user }) => user.id) : owner ? [owner.id] : [];
      known = new Set(members);
      return known;
    } catch (error) {
      if (!signal.aborted) log.warn({ error: asError(error) }, "operators-unknown");
      return new Set();
    }
  }

  return {
    ids,
    isOperator: async (userId: Snowflake, signal: AbortSignal): Promise<boolean> =>
      (await ids(signal)).has(userId),
  };
}
