import type { Log } from "../core/log.ts";
import type { Scope } from "../core/principal.ts";
import type { ChannelMode, ChannelSettings } from "../core/stores.ts";
import { asError } from "../lib/as-error.ts";
import { untilAborted } from "../lib/until-aborted.ts";
import type { Snowflake } from "./snowflake.ts";

/** What another process has set is known here within this time. */
const REFRESH_MS = 15_000;

/** The modes of all channels, at hand: the gate asks for each message. */
export interface Modes {
  readonly all: () => ReadonlyMap<Snowflake, ChannelMode>;
  readonly set: (scope: Scope, channelId: Snowflake, mode: ChannelMode) => Promise<void>;
  /** Reads them for the first time; rejects when the store is away. */
  readonly load: () => Promise<void>;
  /** Keeps them fresh until the signal. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

export function createModes(deps: {
  readonly channels: ChannelSettings;
  readonly log: Log;
}): Modes {
  let modes: ReadonlyMap<Snowflake, ChannelMode> = new Map();
  const load = async () => {
    modes = await deps.channels.modes();
  };
  return {
    all: () => modes,
    load,
    async set(scope, channelId, mode) {
      await deps.channels.setMode(scope, channelId, mode);
      await load();
    },
    async run(signal) {
      const refresh = () =>
        void load().catch((error: unknown) =>
          deps.log.warn({ error: asError(error) }, "modes-not-read"),
        );
      const timer = setInterval(refresh, REFRESH_MS);
      await untilAborted(signal);
      clearInterval(timer);
    },
  };
}
