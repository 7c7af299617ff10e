import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { pause } from "./pause.ts";

test("a pause ends by itself and leaves no listener behind", async () => {
  const { signal } = new AbortController();

  await pause(1, signal);

  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("a pause ends when the signal fires, and at once when it already has", async () => {
  const stop = new AbortController();
  const long = pause(3_600_000, stop.signal);

  stop.abort();
  await long;
  await pause(3_600_000, stop.signal);

  expect(stop.signal.aborted).toBe(true);
});
