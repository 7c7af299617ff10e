import type { REST } from "discord.js";
import { Routes, TeamMemberMembershipState, TeamMemberRole } from "discord-api-types/v10";
import { z } from "zod";
import type { Log } from "../core/log.ts";
import type { Operators as OperatorsPort } from "../core/operators.ts";
import { asError } from "../lib/as-error.ts";
import { snowflakeOf, type Snowflake } from "./snowflake.ts";

/** Who presses or asks does not wait longer than this for Discord. */
const MAX_WAIT_MS = 1_500;

const person = z.looseObject({ id: z.string() });
const application = z.looseObject({
  owner: person.nullish(),
  team: z
    .looseObject({
      owner_user_id: z.string(),
      members: z.array(
        z.looseObject({ user: person, membership_state: z.number(), role: z.string().nullish() }),
      ),
    })
    .nullish(),
});

export interface Operators {
  /** By id, and asked of Discord once. While Discord does not say it, nobody is. */
  readonly isOperator: (userId: Snowflake, signal: AbortSignal) => Promise<boolean>;
  /** Who is told of what concerns the whole bot; null when there is nobody. Rejects while Discord does not say it. */
  readonly owner: (signal: AbortSignal) => Promise<Snowflake | null>;
}

/** Who owns this bot's application at Discord, alone or as a team. */
export function createOperators({
  rest,
  log,
}: {
  readonly rest: REST;
  readonly log: Log;
}): Operators {
  let known: z.infer<typeof application> | null = null;
  const look = async (signal: AbortSignal) =>
    (known ??= application.parse(await rest.get(Routes.currentApplication(), { signal })));

  return {
    async isOperator(userId, signal) {
      try {
        const within = AbortSignal.any([signal, AbortSignal.timeout(MAX_WAIT_MS)]);
        const { owner, team } = await look(within);
        // The owner of a team's application stands for the team and is no person.
        if (!team) return owner?.id === userId;
        return userId === team.owner_user_id || team.members.some((each) => isOne(each, userId));
      } catch (error) {
        if (!signal.aborted) log.warn({ error: asError(error) }, "operators-unknown");
        return false;
      }
    },
    async owner(signal) {
      const { owner, team } = await look(signal);
      return team?.owner_user_id ?? owner?.id ?? null;
    },
  };
}

/** The same, asked with whoever speaks. People of other platforms run nothing by what Discord says. */
export const toPort = ({ isOperator }: Pick<Operators, "isOperator">): OperatorsPort => ({
  isOperator: async ({ platform, userId }, signal) =>
    platform === "discord" && isOperator(snowflakeOf(userId), signal),
});

/** Who was only invited, or may only read, runs nothing. */
const isOne = (
  member: NonNullable<z.infer<typeof application>["team"]>["members"][number],
  userId: Snowflake,
): boolean =>
  member.user.id === userId &&
  member.membership_state === (TeamMemberMembershipState.Accepted as number) &&
  member.role !== TeamMemberRole.ReadOnly;
