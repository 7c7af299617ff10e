import type { TurnWatcher } from "../core/outlet.ts";
import { createCounter } from "./counter.ts";
import type { Family } from "./exposition.ts";

/** What is before a colon, or a number at the end, is the platform's or the provider's: `discord-50013`. */
const CODE = /^[a-z][a-z0-9:_-]{0,60}$/;

export interface TurnFigures {
  /** To be told of every turn's end. */
  readonly watch: TurnWatcher;
  readonly families: () => readonly Family[];
}

/** How turns ended in this process, and how long they took. */
export function createTurnFigures(): TurnFigures {
  const ended = createCounter("clara_turns_total", "Turns that ended, by how.", ["outcome"]);
  let seconds = 0;
  let count = 0;
  return {
    watch(_place, _turnId, event) {
      if (event.type !== "turn-end") return;
      ended.add({ outcome: CODE.test(event.detail) ? event.detail : "other" }, 1);
      seconds += event.elapsedMs / 1_000;
      count++;
    },
    families: () => [
      ended.family(),
      {
        name: "clara_turn_seconds",
        help: "Time from a turn's beginning to its end.",
        type: "summary",
        samples: [
          { suffix: "_sum", value: seconds },
          { suffix: "_count", value: count },
        ],
      },
    ],
  };
}
