import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeRepeat, loadCalendar, type Repeat } from "./calendar.ts";

const calendar = await loadCalendar();
/** A Saturday; the clocks of Europe go forward the night after. */
const NOW = new Date("2026-03-28T10:17:30Z");
const BERLIN = "Europe/Berlin";
const ZONES = [
  "UTC",
  BERLIN,
  "America/New_York",
  "Asia/Jakarta",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "America/Santiago",
  "Pacific/Apia",
  "Africa/Casablanca",
];

const read = (words: string, zone = BERLIN, now = NOW) => {
  const when = calendar.read(words, now, zone);
  return when.kind === "time" ? when.at.toISOString() : when.why;
};
const repeatOf = (words: string) => {
  const when = calendar.read(words, NOW, BERLIN);
  return when.kind === "time" && when.repeat !== null
    ? `${describeRepeat(when.repeat)}; first ${when.at.toISOString()}`
    : null;
};

describe("a time in words", () => {
  test.each([
    ["in 20 minutes", "2026-03-28T10:37:30.000Z"],
    ["in 20 Minuten", "2026-03-28T10:37:30.000Z"],
    ["dans 20 minutes", "2026-03-28T10:37:30.000Z"],
    ["20 menit lagi", "2026-03-28T10:37:30.000Z"],
    ["tomorrow at 9", "2026-03-29T07:00:00.000Z"],
    ["tomorrow", "2026-03-29T07:00:00.000Z"],
    ["morgen um 9", "2026-03-29T07:00:00.000Z"],
    ["morgen früh", "2026-03-29T06:00:00.000Z"],
    ["demain à 9h", "2026-03-29T07:00:00.000Z"],
    ["besok jam 9", "2026-03-29T07:00:00.000Z"],
    ["at 9", "2026-03-29T07:00:00.000Z"],
    ["tomorrow morning", "2026-03-29T04:00:00.000Z"],
    ["monday 8:00", "2026-03-30T06:00:00.000Z"],
    ["lundi prochain à 8h", "2026-03-30T06:00:00.000Z"],
    ["on the 15th at 9", "2026-04-15T07:00:00.000Z"],
    ["am 3. Mai um 10:00", "2026-05-03T08:00:00.000Z"],
    ["2026-12-24 18:00", "2026-12-24T17:00:00.000Z"],
    ["2026-12-24T18:00:00Z", "2026-12-24T18:00:00.000Z"],
  ])("%s is understood", (words, at) => {
    expect(read(words)).toBe(at);
  });

  test.each([
    ["yesterday at 9", /over already/],
    ["2020-01-01", /over already/],
    ["in 50 years", /years away/],
    ["soon", /do not understand/],
    ["tomorrow at 9 or perhaps at 10 when Ben is there", /do not understand/],
    ["from 9 to 11", /do not understand/],
    ["", /no time/],
    ["x".repeat(201), /no time/],
  ])("%s is asked back", (words, why) => {
    expect(read(words)).toMatch(why);
  });

  test("that the clocks leave out comes as much later as they jump", () => {
    expect(read("2026-03-29 02:30")).toBe("2026-03-29T01:30:00.000Z");
  });

  test("that comes twice is taken the first time", () => {
    expect(read("2026-10-25 02:30")).toBe("2026-10-25T00:30:00.000Z");
  });

  test("that is so long from now is counted in real hours across a clock change", () => {
    expect(read("in 24 hours")).toBe("2026-03-29T10:17:30.000Z");
  });

  test("never throws and is never over, whatever is said in whichever zone", () => {
    const pieces = fc.constantFrom(
      ..."tomorrow morgen demain besok at um à jam 9 25 8:00 24:61 every jeden Monday Montag 2 weeks minutes in the 31st monthly täglich setiap hari 2026-02-30 -5 noon 29 february".split(
        " ",
      ),
    );
    const words = fc.array(pieces, { maxLength: 6 }).map((all) => all.join(" "));
    const now = fc.date({
      min: new Date("2020-01-01"),
      max: new Date("2035-01-01"),
      noInvalidDate: true,
    });

    fc.assert(
      fc.property(words, now, fc.constantFrom(...ZONES), (said, at, zone) => {
        const when = calendar.read(said, at, zone);
        expect(when.kind === "unclear" || when.at > at).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("a repeat in words", () => {
  test.each([
    ["every Monday 8:00", "every Monday; first 2026-03-30T06:00:00.000Z"],
    ["jeden Montag um 8:00", "every Monday; first 2026-03-30T06:00:00.000Z"],
    ["tous les lundis à 8h", "every Monday; first 2026-03-30T06:00:00.000Z"],
    ["setiap Senin jam 8", "every Monday; first 2026-03-30T06:00:00.000Z"],
    ["every Monday and Friday at 8", "every Monday, Friday; first 2026-03-30T06:00:00.000Z"],
    ["every other Monday at 8", "every 2 weeks on Monday; first 2026-04-06T06:00:00.000Z"],
    ["daily at 20:00", "every day; first 2026-03-28T19:00:00.000Z"],
    ["täglich um 20 Uhr", "every day; first 2026-03-28T19:00:00.000Z"],
    ["setiap hari jam 20:00", "every day; first 2026-03-28T19:00:00.000Z"],
    ["every day", "every day; first 2026-03-29T07:00:00.000Z"],
    [
      "every weekday at 9",
      "every Monday, Tuesday, Wednesday, Thursday, Friday; first 2026-03-30T07:00:00.000Z",
    ],
    ["every 2 hours", "every 2 hours; first 2026-03-28T12:17:30.000Z"],
    ["every month on the 31st at 9", "every month; first 2026-03-31T07:00:00.000Z"],
    ["every 3 days at 7", "every 3 days; first 2026-03-29T05:00:00.000Z"],
  ])("%s is understood", (words, expected) => {
    expect(repeatOf(words)).toBe(expected);
  });
});

const anyRepeat: fc.Arbitrary<Repeat> = fc
  .record({
    every: fc.integer({ min: 1, max: 5 }),
    unit: fc.constantFrom("minute", "hour", "day", "week", "month", "year"),
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    hasDays: fc.boolean(),
    day: fc.integer({ min: 1, max: 31 }),
    month: fc.integer({ min: 1, max: 12 }),
    minute: fc.integer({ min: 0, max: 1_439 }),
    zone: fc.constantFrom(...ZONES),
  })
  .filter(({ month, day }) => day <= new Date(Date.UTC(2025, month, 0)).getUTCDate())
  .map(({ every, unit, days, hasDays, day, month, minute, zone }) => {
    const two = (value: number) => String(value).padStart(2, "0");
    const time = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
    const weekdays = unit === "week" && hasDays ? days : [];
    return { every, unit, weekdays, start: `2025-${two(month)}-${two(day)}T${time}`, zone };
  });

const wallTime = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "short" }).format(at);

describe("a repeat", () => {
  test("grows for ever, and the next of a time just before is that very time", () => {
    fc.assert(
      fc.property(
        anyRepeat,
        fc.integer({ min: 0, max: 5 * 365 * 24 * 3_600 }),
        (repeat, seconds) => {
          const after = new Date(Date.UTC(2025, 0, 1) + seconds * 1_000);
          const next = calendar.nextAfter(repeat, after);
          const again = calendar.nextAfter(repeat, new Date(next.getTime() - 1));
          const following = calendar.nextAfter(repeat, next);
          expect(again).toEqual(next);
          expect(next > after && following > next).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("of days and more keeps the time on the wall, but where the clocks leave it out", () => {
    fc.assert(
      fc.property(anyRepeat, fc.integer({ min: 0, max: 900 }), (repeat, days) => {
        fc.pre(repeat.unit !== "minute" && repeat.unit !== "hour");
        const next = calendar.nextAfter(repeat, new Date(Date.UTC(2025, 0, 1) + days * 86_400_000));
        const wall = wallTime(next, repeat.zone);
        const wanted = repeat.start.slice(11, 16);
        // Left out: a time that much earlier reads the same on both sides of the jump.
        const before = wallTime(new Date(next.getTime() - 2 * 3_600_000), repeat.zone);
        const isJump =
          Number(wall.slice(0, 2)) !== (Number(before.slice(0, 2)) + 2) % 24 ||
          wall.slice(3) !== before.slice(3);
        expect(wall === wanted || isJump).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test("of days comes once on every day, on the days of a clock change, too", () => {
    const daily: Repeat = {
      every: 1,
      unit: "day",
      weekdays: [],
      start: "2026-01-01T02:30",
      zone: BERLIN,
    };
    let at = new Date("2026-01-01T00:00:00Z");
    const days: string[] = [];
    while (days.length < 365) {
      at = calendar.nextAfter(daily, at);
      days.push(new Intl.DateTimeFormat("en-CA", { timeZone: BERLIN }).format(at));
    }

    expect(new Set(days).size).toBe(365);
    expect(days.at(-1)).toBe("2026-12-31");
  });

  test("on the 31st comes on the last day of shorter months", () => {
    const monthly: Repeat = {
      every: 1,
      unit: "month",
      weekdays: [],
      start: "2026-01-31T09:00",
      zone: "UTC",
    };

    expect(calendar.nextAfter(monthly, new Date("2026-02-01")).toISOString()).toBe(
      "2026-02-28T09:00:00.000Z",
    );
    expect(calendar.nextAfter(monthly, new Date("2026-03-01")).toISOString()).toBe(
      "2026-03-31T09:00:00.000Z",
    );
  });
});

test("nextDay() is the same clock time on a later day", () => {
  expect(calendar.nextDay(new Date("2026-03-28T08:00:00Z"), NOW, BERLIN).toISOString()).toBe(
    "2026-03-29T07:00:00.000Z",
  );
  expect(calendar.nextDay(new Date("2026-03-01T08:00:00Z"), NOW, BERLIN).toISOString()).toBe(
    "2026-03-29T07:00:00.000Z",
  );
});
