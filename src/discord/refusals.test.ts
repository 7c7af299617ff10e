import { expect, onTestFinished, test, vi } from "vitest";
import { arrivalOf, messageOf } from "../../test/discord-messages.ts";
import { systemClock } from "../core/clock.ts";
import { silentLog } from "../core/log.ts";
import type { GateRefusal } from "../core/stores.ts";
import { createRefusals } from "./refusals.ts";

const { message } = arrivalOf(messageOf());

function setUp() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const batches: (readonly GateRefusal[])[] = [];
  const state = { isAway: false };
  const gateLog = {
    async record(refusals: readonly GateRefusal[]) {
      if (state.isAway) throw new Error("away");
      batches.push(refusals);
    },
  };
  return {
    refusals: createRefusals({ gateLog, clock: systemClock, log: silentLog }),
    batches,
    state,
  };
}

test("reasons are written together, with ids and no words", async () => {
  const { refusals, batches } = setUp();

  refusals.note(message, "not-addressed");
  refusals.note(message, "channel-off");
  await vi.advanceTimersByTimeAsync(1_000);

  expect(batches).toHaveLength(1);
  expect(batches[0]?.map(({ reason }) => reason)).toEqual(["not-addressed", "channel-off"]);
  expect(batches[0]?.[0]).toMatchObject({
    messageId: message.id,
    conversationId: "discord:channel:6001",
    guildId: "discord:5001",
    authorId: "discord:2001",
  });
  expect(JSON.stringify(batches)).not.toContain("Hello");
});

test("her own words and Discord's notices are no refusals", async () => {
  const { refusals, batches } = setUp();

  refusals.note(message, "own-message");
  refusals.note(message, "no-speech");
  await refusals.close();

  expect(batches).toEqual([]);
});

test("while the database is away they wait, and the oldest are given up", async () => {
  const { refusals, batches, state } = setUp();

  state.isAway = true;
  for (let count = 0; count < 5_100; count++) refusals.note(message, "empty");
  await vi.advanceTimersByTimeAsync(1_000);
  state.isAway = false;
  await refusals.close();

  expect(batches.flat()).toHaveLength(5_000);
  expect(Math.max(...batches.map(({ length }) => length))).toBe(200);
});
