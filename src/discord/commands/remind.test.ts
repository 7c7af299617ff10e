import { expect, test } from "vitest";
import { commandContext } from "../../../test/command-context.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { newChannel, newName } from "../../../test/talk.ts";
import { loadCalendar } from "../../lib/calendar.ts";
import { remind, remindMenu } from "./remind.ts";

const store = share(openEmbeddedStore);
const NOW = new Date("2026-03-28T10:17:00Z");

function scene() {
  const [place, ana] = [newChannel(), newName("ana")];
  let pokes = 0;
  const group = remind({
    reminders: store().reminders,
    settings: store().settings,
    clock: { now: () => NOW, elapsedMs: () => 0 },
    calendar: loadCalendar,
    timeZone: "Europe/Berlin",
    poke: () => void pokes++,
  });
  const context = commandContext(place, ana);
  const command = (name: string) => {
    const found = group.commands.find((each) => each.name === name);
    if (!found) throw new Error(name);
    return found;
  };
  const run = async (name: string, input: Readonly<Record<string, string>> = {}) => {
    const reply = await command(name).run(input, context);
    return typeof reply === "string" ? reply : reply.text;
  };
  return { group, command, run, context, pokes: () => pokes };
}

test("/remind me sets one, /remind list shows it, /remind cancel takes it away", async () => {
  const { run, pokes } = scene();

  const set = await run("me", { when: "tomorrow at 9", what: "tea" });
  const list = await run("list");
  const id = /\*\*(\d+)\*\*/.exec(list)?.[1] ?? "";

  expect(set).toContain("<t:1774767600:F>");
  expect(list).toContain("<t:1774767600:R>): tea");
  expect(pokes()).toBe(1);
  expect(await run("cancel", { number: id })).toBe("Cancelled: tea");
  expect(await run("cancel", { number: id })).toContain("no open reminder");
  expect(await run("list")).toBe("You have no open reminders.");
});

test("/remind me asks back for what is no time", async () => {
  const { run } = scene();

  expect(await run("me", { when: "soon", what: "tea" })).toContain("do not understand");
});

test("/remind cancel proposes the person's own", async () => {
  const { run, command, context } = scene();
  await run("me", { when: "tomorrow", what: "green tea" });

  const proposed = await command("cancel").suggest?.["number"]?.("green", {}, context);

  expect(proposed).toMatchObject([{ name: expect.stringMatching(/^\d+: green tea$/) }]);
});

test("/remind zone moves the person's clock", async () => {
  const { run, command, context } = scene();

  expect(await run("zone")).toContain("Europe/Berlin");
  expect(await run("zone", { zone: "Asia/Jakarta" })).toContain("Asia/Jakarta now");
  expect(await run("zone", { zone: "Nowhere" })).toContain("do not know");
  expect(await run("me", { when: "tomorrow at 9", what: "tea" })).toContain("<t:1774749600:F>");
  expect(await command("zone").suggest?.["zone"]?.("new york", {}, context)).toEqual([
    { name: "America/New_York", value: "America/New_York" },
  ]);
});

test("the menu asks when, and its buttons and its form set a reminder in private", async () => {
  const { group, context } = scene();
  const menu = remindMenu();
  if (menu.on !== "message") throw new Error("it is on messages");
  const target = {
    kind: "message",
    id: "discord:1",
    authorId: "1",
    authorName: "Ben",
    text: "The parcel comes",
    sentAt: NOW,
    url: "https://discord.com/channels/1/2/3",
  } as never;

  const asked = await menu.run(target, context);
  const rows = asked.kind === "whisper" ? (asked.reply.rows ?? []) : [];
  const data = rows[0]?.[0]?.kind === "button" ? rows[0][0].data : {};
  const action = group.actions?.find((each) => "run" in each);
  const pressed =
    action && "run" in action ? await action.run({ data, values: [], fields: {} }, context) : null;
  const filled =
    action && "run" in action
      ? await action.run({ data, values: [], fields: { when: "in 2 hours" } }, context)
      : null;

  expect(pressed).toMatchObject({
    kind: "replace",
    reply: { text: expect.stringContaining("in private") },
  });
  expect(filled).toMatchObject({ reply: { text: expect.stringContaining("<t:1774700220:F>") } });
  const [first] = await store().reminders.list(context.scope);
  expect(first).toMatchObject({
    to: "dm",
    text: "Ben: The parcel comes\nhttps://discord.com/channels/1/2/3",
  });
});

test("/remind me goes where the person likes it, unless he says where", async () => {
  const { run, context } = scene();
  const { scope, conversation } = context;
  await store().settings.change(scope, conversation, "person", { remindersTo: "dm" });

  await run("me", { when: "tomorrow at 9", what: "tea" });
  await run("me", { when: "tomorrow at 10", what: "cake", where: "here" });

  expect(await store().reminders.list(scope)).toMatchObject([
    { text: "tea", to: "dm" },
    { text: "cake", to: "here" },
  ]);
});
