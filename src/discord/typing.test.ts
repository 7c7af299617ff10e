import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { REST } from "discord.js";
import { createTyping } from "./typing.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(answer = () => Promise.resolve()) {
  const shown: string[] = [];
  const rest = {
    post: (route: string) => {
      shown.push(route);
      return answer();
    },
  };
  const clock = { now: () => new Date(), elapsedMs: () => Date.now() };
  const typing = createTyping({ rest: rest as unknown as REST, clock });
  const stop = new AbortController();
  return { typing, shown, stop };
}

test("typing is shown at once and every eight seconds until the signal fires", async () => {
  const { typing, shown, stop } = setUp();

  typing.keep("1", stop.signal);
  const atOnce = shown.length;
  await vi.advanceTimersByTimeAsync(16_000);
  stop.abort();
  await vi.advanceTimersByTimeAsync(60_000);

  expect(atOnce).toBe(1);
  expect(shown).toEqual(Array(3).fill("/channels/1/typing"));
  expect(vi.getTimerCount()).toBe(0);
});

test("typing ends when the answer is seen to grow in its channel", async () => {
  const { typing, shown, stop } = setUp();
  typing.keep("1", stop.signal);
  typing.keep("2", stop.signal);

  typing.end("1");
  await vi.advanceTimersByTimeAsync(8_000);

  expect(shown.slice(2)).toEqual(["/channels/2/typing"]);
});

test("typing that began anew ends with the newer signal, not with the older one", async () => {
  const { typing, shown, stop } = setUp();
  const newer = new AbortController();
  typing.keep("1", stop.signal);
  typing.keep("1", newer.signal);

  stop.abort();
  await vi.advanceTimersByTimeAsync(8_000);
  typing.end("1");
  await vi.advanceTimersByTimeAsync(60_000);

  expect(shown).toHaveLength(2);
});

test("typing is not shown twice within five seconds", async () => {
  const { typing, shown, stop } = setUp();

  typing.show("1");
  await vi.advanceTimersByTimeAsync(4_000);
  typing.keep("1", stop.signal);
  const soon = shown.length;
  await vi.advanceTimersByTimeAsync(1_000);
  typing.show("1");

  expect(soon).toBe(1);
  expect(shown).toHaveLength(2);
});

test("typing does not begin for a signal that has fired", () => {
  const { typing, shown } = setUp();

  typing.keep("1", AbortSignal.abort());

  expect(shown).toEqual([]);
});

test("typing that fails is of no consequence", async () => {
  const { typing, shown, stop } = setUp(() => Promise.reject(new Error("no")));

  typing.keep("1", stop.signal);
  await vi.advanceTimersByTimeAsync(8_000);

  expect(shown).toHaveLength(2);
});
