import type { REST } from "discord.js";
import { RequestMethod } from "discord.js";
import { Routes } from "discord-api-types/v10";
import { settledWords } from "../agent/approval-words.ts";
import type { Approval, Approvals, Decided } from "../core/approvals.ts";
import type { UserId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import { asError } from "../lib/as-error.ts";
import { choiceOf } from "./approval-card.ts";
import type { GuildLog } from "./guild-log.ts";
import type { StandingButton, StandingPress } from "./interact/standing.ts";
import { ask } from "./outlet-request.ts";
import { snowflakeOf, toMessageId, type Snowflake } from "./snowflake.ts";
import { WORDS } from "./words.ts";

interface Deps {
  readonly approvals: Pick<Approvals, "decide">;
  readonly rest: REST;
  readonly guildLog: Pick<GuildLog, "tell">;
  readonly log: Log;
}

/** Below a card. The store says who may and that it happens once; the card then shows what came of it. */
export function createApprovalButtons({ approvals, rest, guildLog, log }: Deps): StandingButton {
  async function settle(
    { channelId, messageId }: StandingPress,
    content: string,
    signal: AbortSignal,
  ): Promise<void> {
    const fullRoute = Routes.channelMessage(channelId, messageId);
    const body = { content, components: [], allowed_mentions: { parse: [] } };
    try {
      await ask(rest, { method: RequestMethod.Patch, fullRoute, body }, signal);
    } catch (error) {
      // The decision stands; whoever presses again sees it.
      log.warn({ channelId, messageId, error: asError(error) }, "card-not-settled");
    }
  }

  return {
    isMine: (customId) => choiceOf(customId) !== null,
    async press(press, { scope, conversation, signal }) {
      const pressed = choiceOf(press.customId);
      if (pressed === null) return WORDS.oldComponent;
      const decided = await approvals.decide(scope, conversation.id, {
        ...pressed,
        // The turn that makes the call answers the card.
        trigger: () => toMessageId(press.messageId),
        tellsDenial: false,
      });
      if (decided.kind !== "unknown" && decided.kind !== "not-yours")
        await settle(press, settledWords(decided.approval), signal);
      if (decided.kind === "decided")
        guildLog.tell(
          conversation.guildId,
          adminWords(decided.approval, scope.principal.userId, conversation.channelId),
        );
      return toWords(decided);
    },
  };
}

/** The tool and who it was, and nothing of what it was to do. */
function adminWords(
  { state, tool, askerId }: Approval,
  clickerId: UserId,
  channelId: Snowflake,
): string {
  const did = state === "denied" ? "🚫 denied" : "✅ approved";
  return `${did}: \`${tool}\`, asked for by <@${snowflakeOf(askerId)}> in <#${channelId}>, decided by <@${snowflakeOf(clickerId)}>`;
}

/** null when the card says it. */
function toWords(decided: Decided): string | null {
  switch (decided.kind) {
    case "decided":
      return null;
    case "settled":
      return "That was decided already.";
    case "expired":
      return "That is too old, or the question was changed meanwhile: nothing was done. Please ask again.";
    case "not-yours":
      return decided.approval.clicker === "admin"
        ? "Only who manages this server can decide that."
        : "Only who asked for it can decide that.";
    case "unknown":
      return WORDS.oldComponent;
  }
}
