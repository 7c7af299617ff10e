import { z } from "zod";
import type { Explanations, Fate } from "../../core/explanations.ts";
import { isManager } from "../../core/principal.ts";
import type { ChannelMode, GateLog } from "../../core/stores.ts";
import { defineAction } from "../commands/define-action.ts";
import type { CommandContext } from "../commands/define-command.ts";
import type { TargetMessage } from "../commands/define-menu.ts";
import type { Control, Reply } from "../commands/reply.ts";
import { modeOf } from "../gate.ts";
import type { Modes } from "../modes.ts";
import { snowflakeOf, toUserId, type Snowflake } from "../snowflake.ts";
import { WORDS } from "../words.ts";
import { linkTo } from "./cited.ts";
import { silenceWords } from "./silence-words.ts";

export interface SilentDeps {
  readonly explanations: Pick<Explanations, "fateOf">;
  readonly gateLog: Pick<GateLog, "about">;
  readonly modes: Pick<Modes, "all" | "set">;
  readonly selfId: () => Snowflake;
}

const SET_MODE = "why-silent-mode";

/** What kept Clara from answering a message, and what helps; or where the answer is. */
export async function explainSilence(
  deps: SilentDeps,
  { id, authorId }: TargetMessage,
  context: CommandContext,
): Promise<Reply> {
  const { scope } = context;
  const fate = await deps.explanations.fateOf(scope, id);
  const told = fateWords(fate, context);
  if (told !== null) return { text: told };

  const decisions = await deps.gateLog.about(scope, id);
  const reasons = [...new Set(decisions.map(({ reason }) => reason))];
  if (reasons.length > 0) return reasonsReply(deps, reasons, context);
  const isOwn = snowflakeOf(toUserId(authorId)) === snowflakeOf(scope.principal.userId);
  if (!isOwn && !isManager(scope.principal))
    return { text: "Only who wrote it may know that, and those who keep order here." };
  return {
    text:
      fate.kind === "heard"
        ? "I read it and kept it for later answers, but I do not remember any more why I did not answer: reasons are kept for 30 days."
        : "I never saw it: it was said before I joined, while I was offline for long, or where I may not read. Please ask again.",
  };
}

/** The button that sets another mode at once. */
export const setModeAction = ({ modes }: SilentDeps) =>
  defineAction({
    name: SET_MODE,
    async run({ data }, { scope, conversation, isChannelManager }) {
      const { mode } = z.object({ mode: z.enum(["active", "mention"]) }).parse(data);
      if (conversation.guildId === null)
        return { kind: "whisper", reply: { text: WORDS.serversOnly } };
      if (!isChannelManager) return { kind: "whisper", reply: { text: WORDS.managersOnly } };
      await modes.set(scope, conversation.channelId, mode);
      const text = `This channel is set to **${mode}** now. What was said before stays unanswered: please ask again.`;
      return { kind: "replace", reply: { text } };
    },
  });

/** null when there was no turn. */
function fateWords(fate: Fate, { conversation }: CommandContext): string | null {
  switch (fate.kind) {
    case "answered": {
      const guildId = conversation.guildId === null ? null : snowflakeOf(conversation.guildId);
      const { channelId } = conversation;
      return `I answered: ${linkTo(guildId, { channelId, id: fate.messageId })}`;
    }
    case "open":
      return "I am at it, or it waits behind other questions of this place.";
    case "cancelled":
      return fate.reason === "stopped"
        ? "Somebody stopped my answer."
        : "The question was taken back before I had answered.";
    case "undeliverable":
      return "I had an answer, and Discord did not take it here. Fix: let me see this place and send messages in it, then ask again.";
    case "heard":
    case "unknown":
      return null;
  }
}

function reasonsReply(
  { modes }: SilentDeps,
  reasons: readonly string[],
  { conversation, isChannelManager }: CommandContext,
): Reply {
  const all = reasons.map(silenceWords);
  const text = all.map(({ why, fix }) => `${why}\n→ ${fix}`).join("\n\n");
  const now = modeOf(modes.all(), conversation);
  const mayHelp = isChannelManager && all.some(({ isMode }) => isMode === true);
  return mayHelp && now !== "active" ? { text, rows: [modeButtons(now)] } : { text };
}

const modeButtons = (now: ChannelMode): readonly Control[] => [
  {
    kind: "button",
    label: "Answer everything here",
    action: SET_MODE,
    data: { mode: "active" },
    style: "secondary",
  },
  ...(now === "off"
    ? [
        {
          kind: "button",
          label: "Answer when I am mentioned",
          action: SET_MODE,
          data: { mode: "mention" },
          style: "secondary",
        } as const,
      ]
    : []),
];
