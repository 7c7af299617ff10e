import { expect, test } from "vitest";
import { loadConfig } from "../config.ts";
import { createHealth } from "./health.ts";

const BACKUPS = { where: "here", nextAt: null, keptDays: 7, isRunning: false };

/** A house with a token for Discord whose parts are well or not. */
function open(env: Readonly<Record<string, string>> = { DISCORD_BOT_TOKEN: "token" }) {
  const state = {
    nowMs: 0,
    ping: async () => {},
    isModelAway: false,
    isSandboxAway: false,
    problem: null as string | null,
    discord: "ready" as "ready" | "connecting" | "stopped",
  };
  const { rooms } = loadConfig(env);
  const health = createHealth(
    {
      setup: { rooms: () => rooms, isDemo: () => true },
      store: { ping: () => state.ping() },
      backups: {
        state: () => ({ ...BACKUPS, lastTry: { at: new Date(0), problem: state.problem } }),
      },
      sandbox: { isAway: () => state.isSandboxAway },
      modelHealth: { isAway: () => state.isModelAway },
      clock: { now: () => new Date(0), elapsedMs: () => state.nowMs },
    },
    { state: () => state.discord },
  );
  const look = async () => {
    const { status, isReady, rooms: now } = await health();
    return [
      status,
      isReady,
      ...now.flatMap((room) => (room.isWell ? [] : `${room.name}: ${room.says}`)),
    ];
  };
  return { state, look };
}

test("a house whose rooms work is well, whatever is off", async () => {
  expect(await open().look()).toEqual(["ok", true]);
});

test.each([
  ["rejects", () => Promise.reject(new Error("no"))],
  ["does not answer", () => new Promise<never>(() => {})],
])("a database that %s makes it degraded", async (_, ping) => {
  const { state, look } = open();
  state.ping = ping;

  expect(await look()).toEqual(["degraded", false, "store: the database does not answer"]);
});

test("a language model that is away makes it degraded, and work may be sent", async () => {
  const { state, look } = open();
  state.isModelAway = true;

  expect(await look()).toEqual(["degraded", true, "models: the language model does not answer"]);
});

test("code that cannot run makes it degraded, and work may be sent", async () => {
  const { state, look } = open();
  state.isSandboxAway = true;

  expect(await look()).toEqual(["degraded", true, "sandbox: code cannot run now"]);
});

test("a copy that could not be made makes it degraded, until one is made", async () => {
  const { state, look } = open();
  state.problem = "There is no space left";

  expect(await look()).toEqual(["degraded", true, "backups: the last copy could not be made"]);
  state.problem = null;
  expect(await look()).toEqual(["ok", true]);
});

test("Discord may be away for a moment; then it is degraded, until it is back", async () => {
  const { state, look } = open();
  state.discord = "connecting";

  expect(await look()).toEqual(["ok", false]);
  state.nowMs += 60_001;
  expect(await look()).toEqual(["degraded", false, "discord: not connected"]);
  state.discord = "ready";
  expect(await look()).toEqual(["ok", true]);
  state.discord = "stopped";
  expect(await look()).toEqual(["degraded", false, "discord: not connected"]);
});
