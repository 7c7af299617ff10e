import { leadsTo, toRows } from "./announcer.ts";
import type { StandingButton } from "./interact/standing.ts";
import type { Press } from "./press.ts";
import { WORDS } from "./words.ts";

/** Below a reminder or what a schedule said: the first of the presses that knows what it leads to answers. */
export const createAnnouncementButtons = (presses: readonly Press[]): StandingButton => ({
  isMine: (customId) => leadsTo(customId) !== null,
  async press({ customId }, context) {
    const target = leadsTo(customId) ?? "";
    for (const press of presses) {
      const outcome = await press(target, context);
      if (outcome?.kind === "whisper") return outcome.text;
      if (outcome?.kind === "reply") return { whisper: outcome.reply };
      if (outcome) return { content: outcome.text, components: toRows(outcome.rows) };
    }
    return WORDS.oldComponent;
  },
});
