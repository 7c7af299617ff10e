import { expect, onTestFinished, test } from "vitest";
import { createPatience } from "./patience.ts";

const TICK_MS = 20;
const ticks = () => new Promise<void>((resolve) => setTimeout(resolve, 5 * TICK_MS));

/** Time that only the test moves; it is looked at every few milliseconds. */
function setUp() {
  let now = 0;
  let isOver = false;
  const patience = createPatience(() => now);
  const time = patience.limit(TICK_MS, () => void (isOver = true));
  onTestFinished(time.end);
  return { patience, time, pass: (ms: number) => void (now += ms), isOver: () => isOver };
}

test("time runs out", async () => {
  const { pass, isOver } = setUp();

  pass(TICK_MS);

  await expect.poll(isOver).toBe(true);
});

test("time stands still while somebody is asked, and goes on where it stood", async () => {
  const { patience, pass, isOver } = setUp();
  const goOn = patience.hold();
  pass(1_000);
  await ticks();
  const whileAsked = isOver();
  goOn();
  goOn();
  await ticks();
  const rightAfter = isOver();

  pass(TICK_MS);

  await expect.poll(isOver).toBe(true);
  expect([whileAsked, rightAfter]).toEqual([false, false]);
});

test("a sign of life gives the whole time again", async () => {
  const { time, pass, isOver } = setUp();
  pass(TICK_MS - 1);
  await ticks();
  time.renew();
  pass(TICK_MS - 1);
  await ticks();

  expect(isOver()).toBe(false);
});
