import { setTimeout as sleep } from "node:timers/promises";
import { Hono } from "hono";

/** One room of the house. Anybody may read it: no secret stands in it. */
export interface RoomState {
  readonly name: string;
  readonly isOn: boolean;
  /** False: it is on, and does not work; `says` tells what is wrong. */
  readonly isWell: boolean;
  /** What it is when it is on, why not when it is off. */
  readonly says: string;
  /** What turns it on, or makes more of it; null when there is nothing to add. */
  readonly advice: string | null;
}

export interface Health {
  /** degraded: a room that is on does not work, such as the database. */
  readonly status: "ok" | "degraded";
  /** True once everything that is switched on has started, until it is told to stop. */
  readonly isReady: boolean;
  /** True while the built-in demo model answers. */
  readonly isDemo: boolean;
  readonly rooms: readonly RoomState[];
}

/** A question to the database that takes longer counts as a failure. */
const HEALTH_TIMEOUT_MS = 2_000;

const unwell: Health = { status: "degraded", isReady: false, isDemo: false, rooms: [] };

/**
 * GET /health: is she well, and what is on? For people, monitors and a platform's check after a deployment.
 * 200, or 503 when degraded. Not for restarting her: a new process mends no database.
 *
 * GET /ready: may work be sent to this process? For load balancers and rolling updates. 200, or 503 while it starts
 * or leaves. That it answers at all says that the process lives.
 */
export function healthRoutes(
  health: () => Promise<Health>,
  { botName, version }: { readonly botName: string; readonly version: string },
): Hono {
  const look = (): Promise<Health> =>
    Promise.race([health(), sleep(HEALTH_TIMEOUT_MS, unwell, { ref: false })]).catch(() => unwell);

  return new Hono()
    .get("/health", async (c) => {
      const { status, isDemo: demo, rooms } = await look();
      const answer = { status, name: botName, version, demo, rooms: rooms.map(toJson) };
      return c.json(answer, status === "ok" ? 200 : 503);
    })
    .get("/ready", async (c) => {
      const { isReady: ready } = await look();
      return c.json({ ready }, ready ? 200 : 503);
    });
}

const toJson = ({ name, isOn, isWell, says, advice }: RoomState) => ({
  name,
  on: isOn,
  well: isWell,
  why: says,
  advice,
});
