import type { BaseInteraction } from "discord.js";
import type { Via } from "../../core/principal.ts";
import type { CommandContext } from "../commands/define-command.ts";
import { entryRefusal, type GateRules } from "../gate.ts";
import { snowflakeOf } from "../snowflake.ts";
import { refused, WORDS } from "../words.ts";
import { contextOf, type ContextDeps } from "./context.ts";

export interface EnterDeps extends ContextDeps {
  readonly rules: GateRules;
}

export type Entered =
  | { readonly kind: "in"; readonly context: CommandContext }
  /** Why not, for the person. */
  | { readonly kind: "out"; readonly words: string };

/** The same gate as for messages: commands, controls, forms, menus and proposals all pass it. */
export async function enter(
  deps: EnterDeps,
  interaction: BaseInteraction,
  via: Via,
  signal: AbortSignal,
): Promise<Entered> {
  const context = await contextOf(deps, interaction, via, signal);
  if (!context) return { kind: "out", words: WORDS.unknownCommand };
  const { conversation, scope } = context;
  const { userId, roleIds } = scope.principal;
  const person = { userId: snowflakeOf(userId), roleIds };
  const refusal = entryRefusal(deps.rules, conversation, person);
  return refusal ? { kind: "out", words: refused(refusal) } : { kind: "in", context };
}
