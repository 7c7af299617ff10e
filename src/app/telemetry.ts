/** What shows how she does: entries of the log in the store and in a channel, and figures. */
import { randomUUID } from "node:crypto";
import { systemClock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { LogChannel } from "../core/log-entries.ts";
import type { Models } from "../core/model.ts";
import type { TurnWatcher } from "../core/outlet.ts";
import type { Service } from "../core/service.ts";
import type { Store } from "../store/index.ts";
import { toText } from "../telemetry/exposition.ts";
import { createHouseFigures } from "../telemetry/house-figures.ts";
import { createLogKeeper } from "../telemetry/log-keeper.ts";
import { createLogMirror, type LogMirror } from "../telemetry/log-mirror.ts";
import type { LogTap } from "../telemetry/log-tap.ts";
import { createModelFigures } from "../telemetry/model-figures.ts";
import { createProcessFigures, type ProcessFigures } from "../telemetry/process-figures.ts";
import { createTurnFigures } from "../telemetry/turn-figures.ts";
import type { Health } from "../web/index.ts";

const KEY_CHARS = 22;

export interface Telemetry extends AsyncDisposable {
  /** To be told of every turn. */
  readonly watch: TurnWatcher;
  /** The same models; their calls are counted. */
  readonly countModels: (models: Models) => Models;
  /** Keeps entries of the log in the store; those of the very end are written when it is closed. */
  readonly keeper: Service;
  /** Says warnings and errors there, too. */
  readonly mirrorTo: (channel: LogChannel | null) => readonly Service[];
  /** All figures, in the text that Prometheus reads. */
  readonly metrics: (health: () => Promise<Health>) => Promise<string>;
}

interface Deps {
  readonly store: Pick<Store, "logEntries" | "backlog">;
  readonly tap: LogTap;
  readonly log: Log;
}

export function openTelemetry(
  { store, tap, log: given }: Deps,
  { version, logKeptDays }: { readonly version: string; readonly logKeptDays: number },
): Telemetry {
  const log = given.child({ room: "telemetry" });
  const clock = systemClock;
  const startedAt = clock.now();
  const keeper = createLogKeeper(
    { entries: store.logEntries, clock, log },
    { keptDays: logKeptDays },
  );
  const turns = createTurnFigures();
  const models = createModelFigures();
  let mirror: LogMirror | null = null;
  /** From the first question on: until somebody asks, nobody measures. */
  let process: ProcessFigures | null = null;
  const dropped = () => ({ store: keeper.dropped(), channel: mirror?.dropped() ?? 0 });
  const house = createHouseFigures({ backlog: store.backlog, dropped, clock }, version);
  tap.listen(keeper.take);

  return {
    watch: turns.watch,
    countModels: models.count,
    keeper,
    mirrorTo(channel) {
      if (channel === null) return [];
      const createKey = () => randomUUID().replaceAll("-", "").slice(0, KEY_CHARS);
      mirror = createLogMirror({ channel, clock, createKey, log: given });
      tap.listen(mirror.take);
      return [mirror];
    },
    async metrics(health) {
      process ??= createProcessFigures(startedAt);
      const { rooms } = await health();
      return toText([
        ...(await house.families(rooms)),
        ...turns.families(),
        ...models.families(),
        ...process.families(),
      ]);
    },
    async [Symbol.asyncDispose]() {
      process?.[Symbol.dispose]();
      await keeper[Symbol.asyncDispose]();
    },
  };
}
