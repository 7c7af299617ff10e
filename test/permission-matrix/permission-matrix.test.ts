import { describe, expect, test } from "vitest";
import { share } from "../open-test-store.ts";
import type { PlayedRow } from "./row.ts";
import { ADMIN_ROWS } from "./rows-admin.ts";
import { CLOCK_ROWS } from "./rows-clock.ts";
import { GATE_ROWS } from "./rows-gate.ts";
import { MAIL_ROWS } from "./rows-mail.ts";
import { MEMORY_ROWS } from "./rows-memory.ts";
import { PERSON_ROWS } from "./rows-person.ts";
import { PLACE_ROWS } from "./rows-places.ts";
import { PLUG_IN_ROWS } from "./rows-plug-ins.ts";
import { PRESS_ROWS } from "./rows-press.ts";
import { WAITING_ROWS } from "./rows-waiting.ts";
import { openScene } from "./scene.ts";

/** Who may do what where: sixty rows, one table. */
const ROWS = 60;
const PLAYED: readonly PlayedRow[] = [
  ...MEMORY_ROWS,
  ...PERSON_ROWS,
  ...ADMIN_ROWS,
  ...PRESS_ROWS,
  ...PLACE_ROWS,
  ...PLUG_IN_ROWS,
  ...CLOCK_ROWS,
  ...MAIL_ROWS,
  ...GATE_ROWS,
];
/** A house opens anew when its rules change: those with the same rules stand together. */
const IN_ORDER = PLAYED.toSorted(
  (one, other) => Number(one.house === "listed") - Number(other.house === "listed"),
);

test("no row is forgotten: each is played, or waits for a subject that it names", () => {
  const numbers = [...PLAYED, ...WAITING_ROWS].map(({ number }) => number);

  expect(numbers.toSorted((one, other) => one - other)).toEqual(
    Array.from({ length: ROWS }, (_, index) => index + 1),
  );
  expect([PLAYED.length, WAITING_ROWS.length]).toEqual([53, 7]);
});

describe("the permission matrix", () => {
  const scene = share(openScene);

  test.each(IN_ORDER)("row $number: $actor, $place: $act: $expected", async ({ house, play }) => {
    expect.hasAssertions();
    await scene().isUnder(house);

    await play(scene());
  });
});
