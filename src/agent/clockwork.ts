import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";

/** Another process may have set something: nobody tells, so that one looks this often. */
const LOOK_EVERY_MS = 5_000;
const AFTER_TROUBLE_MS = 5_000;
/** Taken at once; the rest follows right behind. */
const BATCH = 8;

export interface Ticking {
  /** Does at most `limit` of what is due; gives how many that were. */
  readonly doDue: (limit: number, signal: AbortSignal) => Promise<number>;
  /** When there will be more; null for never. */
  readonly nextDue: () => Promise<Date | null>;
}

export interface Clockwork extends Service {
  /** Something was set that may be due before all else. */
  readonly poke: () => void;
}

/** Does what is due when it is due: never before, and soon after. Lives until the signal, whatever goes wrong. */
export function createClockwork(
  name: string,
  { now, log }: { readonly now: () => Date; readonly log: Log },
  { doDue, nextDue }: Ticking,
): Clockwork {
  let bell = new AbortController();

  async function waitMs(): Promise<number> {
    const next = await nextDue();
    if (next === null) return LOOK_EVERY_MS;
    return Math.min(Math.max(next.getTime() - now().getTime(), 20), LOOK_EVERY_MS);
  }

  return {
    name,
    poke: () => bell.abort(),
    async run(signal) {
      while (!signal.aborted) {
        bell = new AbortController();
        const rung = AbortSignal.any([signal, bell.signal]);
        try {
          if ((await doDue(BATCH, signal)) === BATCH) continue;
          await pause(await waitMs(), rung);
        } catch (error) {
          if (signal.aborted) return;
          log.warn({ name, error: asError(error) }, "clockwork-trouble");
          await pause(AFTER_TROUBLE_MS, rung);
        }
      }
    },
  };
}
