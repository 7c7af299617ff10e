import type { REST } from "discord.js";
import { Routes } from "discord-api-types/v10";
import { FOLLOW_UP_WORDS } from "../agent/offers.ts";
import { queued } from "../agent/words.ts";
import type { FollowUps, Pressed } from "../core/follow-up.ts";
import type { Log } from "../core/log.ts";
import { asError } from "../lib/as-error.ts";
import { toFollowUp } from "./follow-up-buttons.ts";
import type { StandingButton, StandingPress } from "./interact/standing.ts";
import { WORDS } from "./words.ts";

interface Deps {
  readonly followUps: FollowUps;
  readonly rest: REST;
  readonly poke: () => void;
  readonly log: Log;
}

/** Makes a turn of a click, and takes its row of buttons away: an answer is gone on from once. */
export function createFollowUpButton({ followUps, rest, poke, log }: Deps): StandingButton {
  async function takeButtonsAway(
    { channelId, messageId, otherRows }: StandingPress,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const body = { components: otherRows };
      await rest.patch(Routes.channelMessage(channelId, messageId), { body, signal });
    } catch (error) {
      // They do no harm: a second click is told that there was a first one.
      log.debug({ channelId, messageId, error: asError(error) }, "buttons-stay");
    }
  }

  return {
    isMine: (customId) => toFollowUp(customId) !== null,
    async press(click, { scope, signal }) {
      const asked = toFollowUp(click.customId);
      if (!asked) return WORDS.oldComponent;
      const text = FOLLOW_UP_WORDS[asked.kind];
      const pressed = await followUps.press(scope, { ...asked, pressId: click.id, text });
      if (pressed.kind === "queued") poke();
      if (pressed.kind === "queued" || pressed.kind === "used" || pressed.kind === "gone")
        await takeButtonsAway(click, signal);
      return wordsFor(pressed);
    },
  };
}

function wordsFor(pressed: Pressed): string | null {
  switch (pressed.kind) {
    case "queued":
      return pressed.ahead > 0 ? queued(pressed.ahead) : null;
    case "used":
      return "I am at that already, or have done it: each answer is gone on from once.";
    case "open":
      return "This answer is still being written. Try again when it is finished.";
    case "gone":
      return "There is nothing to go on from any more. Please ask again.";
    case "not-yours":
      return "Only the one who asked can do that, and those who keep order here.";
  }
}
