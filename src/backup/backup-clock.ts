import { Cron } from "croner";
import type { Backups } from "../core/backup.ts";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Service } from "../core/service.ts";
import { asError } from "../lib/as-error.ts";

export interface BackupSchedule {
  /** Five fields, for example `0 3 * * *`. */
  readonly cron: string;
  /** IANA name. */
  readonly timeZone: string;
  /** None is made by itself while the newest is younger. 0: always. */
  readonly protectionMs: number;
}

interface Deps {
  readonly backups: Pick<Backups, "make" | "list">;
  readonly clock: Pick<Clock, "now">;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
}

/** Timers are not longer: a clock that was set meanwhile is noticed, and what runs over is not lost. */
const MAX_SLEEP_MS = 600_000;

/** The next time after `now`; null when there is none. Throws for what is no schedule. */
export const nextTime = ({ cron, timeZone }: BackupSchedule, now: Date): Date | null =>
  new Cron(cron, { timezone: timeZone, mode: "5-part" }).nextRun(now);

/** Makes a copy at each of its times. What fails is told in the log, and tried again the next time. */
export function createBackupClock(deps: Deps, schedule: BackupSchedule): Service {
  const { clock, sleep } = deps;
  return {
    name: "backups",
    async run(signal) {
      let next = nextTime(schedule, clock.now());
      while (next !== null && !signal.aborted) {
        const leftMs = next.getTime() - clock.now().getTime();
        if (leftMs > 0) {
          await sleep(Math.min(leftMs, MAX_SLEEP_MS), signal);
          continue;
        }
        await makeOne(deps, schedule, signal);
        next = nextTime(schedule, clock.now());
      }
    },
  };
}

async function makeOne(
  { backups, clock, log }: Deps,
  { protectionMs }: BackupSchedule,
  signal: AbortSignal,
): Promise<void> {
  try {
    const [newest] = await backups.list(1);
    const ageMs = newest ? clock.now().getTime() - newest.madeAt.getTime() : Infinity;
    if (ageMs < protectionMs) return log.info({ ageMs }, "backup-not-needed");
    const { id, rows, files, sizeBytes } = await backups.make("scheduled", signal);
    log.info({ backupId: id, rows, files, sizeBytes }, "backup-made");
  } catch (error) {
    if (!signal.aborted) log.error({ error: asError(error) }, "backup-failed");
  }
}
