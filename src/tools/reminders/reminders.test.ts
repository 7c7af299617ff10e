import { expect, test } from "vitest";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { hear, newChannel, newName } from "../../../test/talk.ts";
import type { Tool } from "../../core/tool.ts";
import { loadCalendar } from "../../lib/calendar.ts";
import {
  cancelScheduledPrompt,
  listScheduledPrompts,
  schedulePrompt,
} from "../schedules/schedules.ts";
import { cancelReminder, listReminders, remindMe } from "./reminders.ts";

const store = share(openEmbeddedStore);
const NOW = new Date("2026-03-28T10:17:00Z");

async function scene() {
  const [place, ana] = [newChannel(), newName("ana")];
  await hear(store(), place.message(ana, "hi"));
  let pokes = 0;
  const deps = {
    reminders: store().reminders,
    settings: store().settings,
    schedules: store().schedules,
    clock: { now: () => NOW, elapsedMs: () => 0 },
    calendar: loadCalendar,
    timeZone: "Europe/Berlin",
    poke: () => void pokes++,
  };
  const call = async (tool: Tool, input: object) => {
    const context = {
      scope: place.scope(ana),
      conversationId: place.conversation.id,
      signal: new AbortController().signal,
    };
    return (await tool.run(tool.input.parse(input), context)).text;
  };
  return { deps, call, pokes: () => pokes };
}

test("remind_me sets it in the person's own zone, which is remembered", async () => {
  const { deps, call, pokes } = await scene();

  const first = await call(remindMe(deps), { text: "tea", when: "tomorrow at 9" });
  const second = await call(remindMe(deps), {
    text: "tea",
    when: "tomorrow at 9",
    time_zone: "Asia/Jakarta",
  });
  const third = await call(remindMe(deps), { text: "tea", when: "tomorrow at 9" });

  expect(first).toMatch(/is set for Sunday, 29 March 2026 at 09:00 \(Europe\/Berlin\), here\.$/);
  expect(second).toContain("(Asia/Jakarta)");
  expect(third).toContain("(Asia/Jakarta)");
  expect(pokes()).toBe(3);
});

test("list_reminders and cancel_reminder know them by their number", async () => {
  const { deps, call } = await scene();
  const set = await call(remindMe(deps), { text: "tea", when: "every Monday 8:00" });
  const id = Number(/Reminder (\d+)/.exec(set)?.[1]);

  expect(await call(listReminders(deps), {})).toMatch(
    /08:00 \(Europe\/Berlin\), then every Monday: tea$/,
  );
  expect(await call(cancelReminder(deps), { id })).toContain("is cancelled: tea");
  expect(await call(cancelReminder(deps), { id })).toContain("no open reminder");
  expect(await call(listReminders(deps), {})).toBe("There are no open reminders.");
});

test.each(["soon", "yesterday", "every 5 minutes"])("remind_me asks back for %s", async (when) => {
  const { deps, call, pokes } = await scene();

  expect(await call(remindMe(deps), { text: "tea", when })).not.toContain("is set");
  expect(pokes()).toBe(0);
});

test("schedule_prompt tells time and budget, and is listed and cancelled by its number", async () => {
  const { deps, call } = await scene();
  const set = await call(schedulePrompt(deps), { prompt: "news", when: "every day at 8" });
  const id = Number(/number (\d+)/.exec(set)?.[1]);

  expect(set).toContain("then every day, at most $0.25 a run and $5 a month: news");
  expect(await call(listScheduledPrompts(deps), {})).toContain(`${id}: `);
  expect(await call(cancelScheduledPrompt(deps), { id })).toContain("is cancelled");
  expect(await call(schedulePrompt(deps), { prompt: "x", when: "every 20 minutes" })).toContain(
    "At most every hour",
  );
});
