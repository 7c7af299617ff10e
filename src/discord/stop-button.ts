import type { TurnStore } from "../core/stores.ts";
import type { StandingButton } from "./interact/standing.ts";
import { turnToStop } from "./outlet-message.ts";
import { WORDS } from "./words.ts";

/** Below an answer that grows. The answer itself shows that it was stopped. */
export const createStopButton = ({
  turns,
  poke,
}: {
  readonly turns: Pick<TurnStore, "cancel">;
  readonly poke: () => void;
}): StandingButton => ({
  isMine: (customId) => turnToStop(customId) !== null,
  async press({ customId }, { scope }) {
    const turn = turnToStop(customId);
    if (turn === null || !(await turns.cancel(scope, turn, "stopped"))) return WORDS.notYours;
    poke();
    return null;
  },
});
