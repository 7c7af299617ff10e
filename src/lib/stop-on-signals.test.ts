import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { stopOnSignals } from "./stop-on-signals.ts";

const setUp = () => {
  const process = new EventEmitter();
  const exits: ExitCode[] = [];
  const signal = stopOnSignals({ process, exit: (code) => exits.push(code), graceMs: 10_000 });
  return { process, exits, signal };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first signal asks to stop and lets the program finish", () => {
  const { process, exits, signal } = setUp();

  process.emit("SIGTERM");
  vi.advanceTimersByTime(9_999);

  expect(signal.aborted).toBe(true);
  expect(exits).toEqual([]);
});

test("the second signal ends the program at once, whichever it is", () => {
  const { process, exits } = setUp();

  process.emit("SIGTERM");
  process.emit("SIGINT");

  expect(exits).toEqual([EXIT.interrupted]);
});

test("a program that hangs is ended when its time is over", () => {
  const { process, exits } = setUp();

  process.emit("SIGINT");
  vi.advanceTimersByTime(10_000);

  expect(exits).toEqual([EXIT.stuck]);
});
