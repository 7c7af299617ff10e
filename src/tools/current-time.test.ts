import { expect, test } from "vitest";
import { turnOf } from "../../test/turns.ts";
import { currentTime } from "./current-time.ts";

const clock = { now: () => new Date("2026-11-25T12:00:00Z"), elapsedMs: () => 0 };
const toolFor = (zone: string | null) =>
  currentTime({ clock, timeZone: "Europe/Berlin", settings: { zone: async () => zone } });
const tool = toolFor(null);
const turn = turnOf();
const context = {
  scope: turn.scope,
  conversationId: turn.conversation.id,
  signal: new AbortController().signal,
};

test.each([
  [{}, "Wednesday, 25 November 2026 at 13:00:00 CET (Europe/Berlin); 2026-11-25T12:00:00.000Z"],
  [
    { time_zone: "Asia/Tokyo" },
    "Wednesday, 25 November 2026 at 21:00:00 GMT+9 (Asia/Tokyo); 2026-11-25T12:00:00.000Z",
  ],
])("current_time for %j is the time there, and the moment itself", async (input, text) => {
  expect(await tool.run(tool.input.parse(input), context)).toEqual({ text });
});

test("current_time for somebody who said where he is, is the time there", async () => {
  const { text } = await toolFor("Asia/Jakarta").run({}, context);

  expect(text).toMatch(/19:00:00 GMT\+7 \(Asia\/Jakarta\)/);
});

test.each(["Mars/Olympus", "", "Europe/Berlin; drop table"])(
  "current_time refuses %j, and says what a time zone looks like",
  (timeZone) => {
    const parsed = tool.input.safeParse({ time_zone: timeZone });

    expect(parsed.error?.message).toContain("Give an IANA name such as Europe/Berlin.");
  },
);
