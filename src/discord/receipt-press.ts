import type { REST } from "discord.js";
import { RequestMethod } from "discord.js";
import { Routes } from "discord-api-types/v10";
import { receiptLabel } from "../agent/receipts.ts";
import type { TurnId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import type { Scope } from "../core/principal.ts";
import type { Receipts } from "../core/receipts.ts";
import { asError } from "../lib/as-error.ts";
import { factSelect } from "./commands/memory-list.ts";
import { lineOf, ownScope } from "./commands/memory-words.ts";
import type { Reply } from "./commands/reply.ts";
import type { StandingButton, StandingPress } from "./interact/standing.ts";
import { ask } from "./outlet-request.ts";
import { toReceiptPress } from "./receipt-buttons.ts";
import { WORDS } from "./words.ts";

interface Deps {
  readonly receipts: Pick<Receipts, "of" | "undo">;
  readonly rest: REST;
  readonly log: Log;
}

/** Below an answer from which something was learnt. The store gives it to nobody but the one who asked. */
export function createReceiptButtons({ receipts, rest, log }: Deps): StandingButton {
  async function undo(scope: Scope, id: TurnId, press: StandingPress, signal: AbortSignal) {
    const undone = await receipts.undo(scope, id);
    await takeRowAway({ rest, log }, press, signal);
    if (undone === null) return NOTHING_LEFT;
    return `Taken back: ${receiptLabel({ ...undone, withheld: 0 })}. What was replaced holds again.`;
  }

  return {
    isMine: (customId) => toReceiptPress(customId) !== null,
    async press(press, { scope, signal }) {
      const pressed = toReceiptPress(press.customId);
      if (!pressed) return WORDS.oldComponent;
      const own = ownScope(scope);
      const receipt = await receipts.of(own, pressed.turnId);
      if (receipt === null) return WORDS.notYourControl;
      if (pressed.wants === "undo") return undo(own, pressed.turnId, press, signal);
      return { whisper: showReply(receipt) };
    },
  };
}

const NOTHING_LEFT = "There is nothing left to take back. `/memory list` shows what I remember.";

function showReply({
  facts,
  counts,
  isUndone,
}: NonNullable<Awaited<ReturnType<Receipts["of"]>>>): Reply {
  const notes = [
    ...(isUndone ? ["You took this back."] : []),
    ...(counts.withheld > 0
      ? [
          `${counts.withheld === 1 ? "One thing was" : `${counts.withheld} things were`} not kept, since there was a password or a key in it.`,
        ]
      : []),
  ];
  if (facts.length === 0) return { text: [...notes, "Nothing of it is left."].join("\n") };
  const text = ["**What I learnt from that message**", ...facts.map(lineOf), ...notes].join("\n");
  return { text, rows: [[factSelect(facts)]] };
}

/** The rest of the buttons stay. */
async function takeRowAway(
  { rest, log }: Pick<Deps, "rest" | "log">,
  { channelId, messageId, otherRows }: StandingPress,
  signal: AbortSignal,
): Promise<void> {
  const fullRoute = Routes.channelMessage(channelId, messageId);
  try {
    const body = { components: otherRows };
    await ask(rest, { method: RequestMethod.Patch, fullRoute, body }, signal);
  } catch (error) {
    // It does no harm: a second click is told that nothing is left.
    log.debug({ channelId, messageId, error: asError(error) }, "receipt-stays");
  }
}
