import type { BaseInteraction } from "discord.js";
import type { Via } from "../../core/principal.ts";
import type { CommandContext, Offer } from "../commands/define-command.ts";
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

/** What of a command or menu decides who comes in. */
interface Door {
  readonly isForRefused?: boolean;
  readonly offer?: Offer;
}

/**
 * The same gate as for messages: commands, controls, forms, menus and proposals all pass it. What `isForRefused` tells
 * people why they are kept out, so that they come as far as that; those who are blocked do not.
 */
export async function enter(
  deps: EnterDeps,
  interaction: BaseInteraction,
  via: Via,
  signal: AbortSignal,
  { isForRefused = false, offer = "with-her" }: Door = {},
): Promise<Entered> {
  const context = await contextOf(deps, interaction, via, signal);
  if (!context) return { kind: "out", words: WORDS.unknownCommand };
  if (context.isCarried && offer !== "anywhere") return { kind: "out", words: WORDS.notHere };
  if (!context.isCarried && isTimedOut(interaction)) return { kind: "out", words: WORDS.timedOut };
  const { conversation, scope } = context;
  const { userId, roleIds } = scope.principal;
  const person = { userId: snowflakeOf(userId), roleIds };
  const refusal = entryRefusal(deps.rules, conversation, person);
  const isIn = refusal === null || (isForRefused && refusal !== "blocked");
  return isIn ? { kind: "in", context } : { kind: "out", words: refused(refusal) };
}

/** Who may not speak in a server does not act there by an old button either. By Discord's clock. */
function isTimedOut({ member, createdTimestamp }: BaseInteraction): boolean {
  if (member === null) return false;
  const until =
    "communicationDisabledUntilTimestamp" in member
      ? member.communicationDisabledUntilTimestamp
      : Date.parse(member.communication_disabled_until ?? "");
  return until !== null && until > createdTimestamp;
}
