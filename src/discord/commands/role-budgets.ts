import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { changeSettings, type SettingsDeps } from "./change-settings.ts";
import { defineCommand } from "./define-command.ts";
import { refusalFor } from "./places.ts";
import { readUsd, USD_PROBLEM } from "./settings-fields.ts";

/** Budgets by role of one server. */
const MAX_ROLES = 50;
const NONE = "none";

/** `/settings role`: what members with a role may cost a day. Of several roles the most generous counts. */
export const roleBudgets = (deps: SettingsDeps) =>
  defineCommand({
    name: "role",
    description: "What a member with a role may cost a day in this server",
    options: [
      {
        type: ApplicationCommandOptionType.Role,
        name: "role",
        description: "Left out: shows what is set",
        required: false,
      },
      {
        type: ApplicationCommandOptionType.String,
        name: "dollars",
        description: `For example 2.50; ${NONE} takes the budget of the role away`,
        required: false,
        max_length: 10,
      },
    ],
    async run({ role, dollars }, context) {
      const refusal = refusalFor("guild", context);
      if (refusal !== null) return refusal;
      const { guild } = await deps.settings.of(context.scope, context.conversation);
      const { [role ?? ""]: now, ...others } = guild.roleUsd ?? {};
      if (role === undefined || dollars === undefined) return shown(guild.roleUsd ?? {});
      const wanted = dollars.trim().toLowerCase();
      const usd = wanted === NONE ? null : readUsd(wanted);
      if (wanted !== NONE && usd === null) return `${USD_PROBLEM} Or: ${NONE}.`;
      if (now === undefined && Object.keys(others).length >= MAX_ROLES)
        return `There are ${MAX_ROLES} budgets by role already; take one away first.`;
      const roleUsd = usd === null ? others : { ...others, [role]: usd };
      await changeSettings(deps, context, "guild", {
        roleUsd: Object.keys(roleUsd).length === 0 ? null : roleUsd,
      });
      return `<@&${role}>: ${amount(now)} → ${amount(usd ?? undefined)}\n${RULE}`;
    },
  });

const RULE =
  "-# Who has several such roles may use the largest. A person's, a channel's and the server's own budget hold besides.";

const amount = (usd: number | undefined): string => (usd === undefined ? NONE : `$${usd} a day`);

function shown(roleUsd: Readonly<Record<string, number>>): string {
  const lines = Object.entries(roleUsd).map(([role, usd]) => `- <@&${role}>: ${amount(usd)}`);
  return lines.length === 0
    ? "No role has a budget of its own here. Give `role` and `dollars` to set one."
    : ["**Budgets by role**", ...lines, RULE].join("\n");
}
