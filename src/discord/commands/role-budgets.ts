import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { MAX_ROLE_BUDGETS, type SettingsStore } from "../../core/settings.ts";
import { tellChange, type SettingsDeps } from "./change-settings.ts";
import { defineCommand } from "./define-command.ts";
import { refusalFor } from "./places.ts";
import { readUsd, USD_PROBLEM } from "./settings-fields.ts";

interface Deps extends Omit<SettingsDeps, "settings"> {
  readonly settings: Pick<SettingsStore, "of" | "setRoleUsd">;
}

const NONE = "none";

/** `/settings role`: what members with a role may cost a day. Of several roles the most generous counts. */
export const roleBudgets = (deps: Deps) =>
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
      const { scope, conversation } = context;
      const { guild } = await deps.settings.of(scope, conversation);
      const all = guild.roleUsd ?? {};
      if (role === undefined || dollars === undefined) return shown(all);
      const wanted = dollars.trim().toLowerCase();
      const usd = wanted === NONE ? null : readUsd(wanted);
      if (wanted !== NONE && usd === null) return `${USD_PROBLEM} Or: ${NONE}.`;
      if (!(await deps.settings.setRoleUsd(scope, conversation, role, usd)))
        return `There are ${MAX_ROLE_BUDGETS} budgets by role already; take one away first.`;
      const { [role]: now, ...others } = all;
      const roleUsd = usd === null ? others : { ...others, [role]: usd };
      tellChange(deps, context, "guild", guild, { ...guild, roleUsd });
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
