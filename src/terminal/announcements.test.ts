import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { newDm } from "../../test/talk.ts";
import { openTestHouse } from "../../test/open-test-house.ts";
import { say, scriptedModel, slowly } from "../../test/scripted-model.ts";
import type { Announcement } from "../core/announcer.ts";
import { systemClock } from "../core/clock.ts";
import { userId } from "../core/ids.ts";
import { createTerminalAnnouncements } from "./announcements.ts";
import { createTerminal } from "./index.ts";

const reminder = (text: string): Announcement => ({
  key: "k",
  place: newDm("ana").conversation,
  to: "here",
  owner: userId("terminal:local"),
  text,
  rows: [],
  ageMs: 0,
});
const { signal } = new AbortController();

async function open() {
  await using opening = new AsyncDisposableStack();
  const house = opening.use(await openTestHouse(scriptedModel([slowly(10, say("One. ", "Two."))])));
  const announcements = createTerminalAnnouncements();
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough({ encoding: "utf8" }), {
    isTTY: true,
    columns: 60,
    rows: 20,
  });
  const edges = { input, output, clock: systemClock, createId: () => crypto.randomUUID() };
  const readTier = (text: string) => ({ tier: null, text });
  const terminal = createTerminal(
    { ...house, ...edges, readTier, announcements },
    { botName: "Clara", version: "1" },
  );
  let written = "";
  output.on("data", (text: string) => (written += text));
  const stop = new AbortController();
  const running = terminal.run(stop.signal);
  const all = opening.move();
  return {
    announcements,
    type: (text: string) => input.write(text),
    written: () => written,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      await all.disposeAsync();
    },
  };
}

test("what is announced stands between the lines, and can do nothing to the terminal", async () => {
  await using chat = await open();

  const announced = await chat.announcements.announcer.announce(
    reminder("⏰ tea\u001b[2J"),
    signal,
  );

  expect(announced.kind).toBe("said");
  await expect.poll(chat.written).toContain("⏰ tea");
  expect(chat.written()).not.toContain("\u001b[2J");
});

test("what is announced while an answer grows comes after it", async () => {
  await using chat = await open();
  chat.type("Hello\r");
  await expect.poll(chat.written).toContain("One.");

  await chat.announcements.announcer.announce(reminder("⏰ tea"), signal);
  await expect.poll(chat.written).toContain("⏰ tea");

  expect(chat.written().lastIndexOf("Two.")).toBeLessThan(chat.written().indexOf("⏰ tea"));
});

test("what is announced while nobody sits there waits", async () => {
  const { announcer } = createTerminalAnnouncements();

  await expect(announcer.announce(reminder("⏰ tea"), signal)).rejects.toThrow("Nobody sits");
});
