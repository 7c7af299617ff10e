import type { Config } from "../config.ts";
import type { Clock } from "../core/clock.ts";
import type { Workspaces } from "../core/sandbox.ts";

type RoomState = Config["rooms"][number];

/** What was seen is believed for so long: whoever asks after her health asks often. */
const BELIEVED_MS = 30_000;

/** Whether code cannot run now, as it was seen last. Never keeps anybody waiting: looking goes on behind the answer. */
export function watchSandbox(
  { health }: Pick<Workspaces, "health">,
  { elapsedMs }: Pick<Clock, "elapsedMs">,
): () => boolean {
  const never = new AbortController().signal;
  let isAway = false;
  let lookedAt = -Infinity;

  async function look(): Promise<void> {
    isAway = (await health(never)).kind === "broken";
  }

  return () => {
    if (elapsedMs() - lookedAt > BELIEVED_MS) {
      lookedAt = elapsedMs();
      look().catch(() => (isAway = true)); // Whatever it is, nothing runs.
    }
    return isAway;
  };
}

/** Where nobody said that code shall run, and nothing is there that could run it. */
export const withoutSandbox = (room: RoomState): RoomState =>
  room.name === "sandbox" && room.isOn
    ? {
        ...room,
        isOn: false,
        says: "there is no Docker here",
        advice: "install Docker, or set SANDBOX_API_URL and SANDBOX_API_KEY: docs/SANDBOX.md",
      }
    : room;
