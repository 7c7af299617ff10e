import type { Client } from "discord.js";
import { ActivityType, PresenceUpdateStatus } from "discord-api-types/v10";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";

const CHECK_MS = 15_000;
/** Discord takes five changes in twenty seconds from a session, other ones included. */
const LEAST_BETWEEN_MS = 20_000;
/** As much as a custom status may have. */
const MAX_STATUS_CHARS = 128;

/** What does not work, in a few words each for everybody to read; empty when all is well. Never rejects. */
export type Troubles = () => Promise<readonly string[]>;

/** How Clara is shown: green, or yellow with what is wrong. */
export interface Presence {
  /** Looks once, and shows what has changed. */
  readonly check: () => Promise<void>;
  /** A new session begins as well as ever: what was shown is gone. */
  readonly forget: () => void;
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** `show` gets the words of the status; "" when all is well. */
export function createPresence(deps: {
  readonly troubles: Troubles;
  readonly show: (status: string) => void;
  readonly clock: Pick<Clock, "elapsedMs">;
  readonly log: Log;
}): Presence {
  let shown = "";
  let nextAtMs = Number.NEGATIVE_INFINITY;

  async function check(): Promise<void> {
    const wanted = (await deps.troubles()).join("; ").slice(0, MAX_STATUS_CHARS).toWellFormed();
    const now = deps.clock.elapsedMs();
    if (wanted === shown || now < nextAtMs) return;
    try {
      deps.show(wanted);
      shown = wanted;
      nextAtMs = now + LEAST_BETWEEN_MS;
      deps.log.info({ isWell: wanted === "" }, "presence-changed");
    } catch (error) {
      deps.log.debug({ error: asError(error) }, "presence-not-shown");
    }
  }

  return {
    check,
    forget() {
      shown = "";
    },
    async run(signal) {
      while (!signal.aborted) {
        await pause(CHECK_MS, signal);
        if (!signal.aborted) await check();
      }
    },
  };
}

/** Shows it at Discord, on every shard of this process. */
export const showPresence =
  (client: () => Client) =>
  (status: string): void => {
    const { user } = client();
    if (!user) throw new Error("Not logged in yet");
    user.setPresence(
      status === ""
        ? { status: PresenceUpdateStatus.Online, activities: [] }
        : {
            status: PresenceUpdateStatus.Idle,
            activities: [{ type: ActivityType.Custom, name: "Custom Status", state: status }],
          },
    );
  };
