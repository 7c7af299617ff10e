import { expect, test } from "vitest";
import { loadConfig } from "../config.ts";
import type { SandboxHealth } from "../core/sandbox.ts";
import { watchSandbox, withoutSandbox } from "./sandbox-health.ts";

test("looking keeps nobody waiting, and is done again after half a minute", async () => {
  const state = { now: 0, looks: 0, health: { kind: "broken", words: "no" } as SandboxHealth };
  const health = async () => {
    state.looks += 1;
    return state.health;
  };
  const isAway = watchSandbox({ health }, { elapsedMs: () => state.now });

  expect(isAway()).toBe(false);
  await expect.poll(isAway).toBe(true);
  expect(state.looks).toBe(1);

  state.health = { kind: "works", engine: "29", running: 0, warnings: [] };
  state.now = 31_000;
  isAway();
  await expect.poll(isAway).toBe(false);
  expect(state.looks).toBe(2);
});

test("what cannot even be asked runs nothing", async () => {
  const health = () => Promise.reject(new Error("odd"));

  await expect.poll(watchSandbox({ health }, { elapsedMs: () => 0 })).toBe(true);
});

test("without Docker the room is off, and says what turns it on; the others stay as they are", () => {
  const rooms = loadConfig({}).rooms.map(withoutSandbox);

  expect(rooms.filter(({ name }) => name === "sandbox")).toMatchObject([
    {
      isOn: false,
      says: "there is no Docker here",
      advice: expect.stringContaining("SANDBOX_API_URL"),
    },
  ]);
  expect(rooms.filter(({ name }) => name !== "sandbox")).toEqual(
    loadConfig({}).rooms.filter(({ name }) => name !== "sandbox"),
  );
});
