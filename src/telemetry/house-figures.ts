import type { Backlog } from "../core/backlog.ts";
import type { Clock } from "../core/clock.ts";
import { untilAborted } from "../lib/until-aborted.ts";
import type { Family, Sample } from "./exposition.ts";

/** However often it is asked for, the store is asked no more often. */
const FRESH_MS = 5_000;
/** A store that takes longer gives no figures this time. */
const PATIENCE_MS = 2_000;

interface Deps {
  readonly backlog: () => Promise<Backlog>;
  /** Entries of the log that did not reach the store, or the channel. */
  readonly dropped: () => Readonly<Record<"store" | "channel", number>>;
  readonly clock: Clock;
}

interface Room {
  readonly name: string;
  readonly isOn: boolean;
  readonly isWell: boolean;
}

/** What waits, what is on and well, and what was lost of the log. */
export function createHouseFigures({ backlog, dropped, clock }: Deps, version: string) {
  let asked: { readonly at: number; readonly answer: Promise<Backlog | null> } | null = null;

  function look(): Promise<Backlog | null> {
    if (asked === null || clock.elapsedMs() - asked.at >= FRESH_MS)
      asked = { at: clock.elapsedMs(), answer: withinTime(backlog()) };
    return asked.answer;
  }

  return {
    async families(rooms: readonly Room[]): Promise<readonly Family[]> {
      const on = rooms.filter(({ isOn }) => isOn);
      const { store, channel } = dropped();
      return [
        gauge("clara_info", "The program.", [{ labels: { version }, value: 1 }]),
        gauge(
          "clara_room_well",
          "1 for a room that is on and works, 0 for one that is on and does not.",
          on.map(({ name, isWell }) => ({ labels: { room: name }, value: isWell ? 1 : 0 })),
        ),
        ...ofBacklog(await look()),
        {
          name: "clara_log_entries_dropped_total",
          type: "counter",
          help: "Entries of the log that were not kept in the store, or not told in the channel.",
          samples: [
            { labels: { to: "store" }, value: store },
            { labels: { to: "channel" }, value: channel },
          ],
        },
      ];
    },
  };
}

/** Nothing at all while the store does not answer: a zero would say that nothing waits. */
function ofBacklog(backlog: Backlog | null): readonly Family[] {
  if (backlog === null) return [];
  const { queued, running, delivering, oldestQueuedSeconds, pendingParts } = backlog;
  return [
    gauge(
      "clara_turns_open",
      "Turns of all processes that have not ended, by state.",
      Object.entries({ queued, running, delivering }).map(([state, value]) => ({
        labels: { state },
        value,
      })),
    ),
    gauge("clara_oldest_queued_turn_seconds", "How long the oldest queued turn has waited.", [
      { value: oldestQueuedSeconds },
    ]),
    gauge("clara_outbox_pending", "Messages of answers that are not yet as they are to be.", [
      { value: pendingParts },
    ]),
  ];
}

const withinTime = (answer: Promise<Backlog>): Promise<Backlog | null> =>
  Promise.race([
    answer.catch(() => null), // The room "store" says it.
    untilAborted(AbortSignal.timeout(PATIENCE_MS)).then(() => null),
  ]);

const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({
  name,
  help,
  type: "gauge",
  samples,
});
