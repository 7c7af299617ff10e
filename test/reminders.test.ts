import { describe, expect, onTestFinished, test } from "vitest";
import { remindDue, type RemindDeps } from "../src/agent/remind.ts";
import { runSchedules } from "../src/agent/run-schedules.ts";
import { noFault } from "../src/core/fault.ts";
import { guildId, userId } from "../src/core/ids.ts";
import { silentLog } from "../src/core/log.ts";
import type { Conversation } from "../src/core/message.ts";
import type { Scope } from "../src/core/principal.ts";
import type { NewReminder } from "../src/core/reminders.ts";
import type { NewSchedule } from "../src/core/schedules.ts";
import { loadCalendar } from "../src/lib/calendar.ts";
import { toConversation } from "../src/discord/conversation.ts";
import { startFakeDiscord, type FakeDiscord, type Place } from "./fake-discord/index.ts";
import { goOnline, type OpenDiscord } from "./open-discord.ts";

const signal = new AbortController().signal;
const now = () => new Date();

/** The real front door with its announcer, before a Discord whose nonces can be forgotten. */
async function open(options: { readonly nonceWindowMs?: number } = {}) {
  const discord = await startFakeDiscord(options);
  onTestFinished(() => discord[Symbol.asyncDispose]());
  return { discord, ...(await goOnline(discord)) };
}

type Opened = OpenDiscord & { readonly discord: FakeDiscord };

function placeOf(discord: FakeDiscord, { channel }: Place): Conversation {
  const { id, type, guildId: guild, parentId, name } = channel;
  return toConversation({ id, type, guildId: guild, parentId, name }, discord.ana.id);
}

function scopeIn(discord: FakeDiscord, place: Conversation): Scope {
  return {
    principal: {
      platform: "discord",
      userId: userId(`discord:${discord.ana.id}`),
      displayName: "ana",
      guildId: place.guildId === null ? null : guildId(`discord:${discord.guild.id}`),
      roleIds: [],
      permissions: 0n,
      via: "message",
    },
    audience: place.audience,
  };
}

async function remindIn(
  { discord, store }: Opened,
  where: Place,
  change: Partial<NewReminder> = {},
) {
  const place = placeOf(discord, where);
  const added = await store.reminders.add(scopeIn(discord, place), {
    place,
    to: "here",
    text: "Make tea @everyone",
    dueAt: new Date(now().getTime() - 1_000),
    repeat: null,
    times: 1,
    zone: "Europe/Berlin",
    ...change,
  });
  if (added.kind !== "added") throw new Error(added.kind);
  return added.reminder;
}

const deps = ({ store, clara }: Opened, change: Partial<RemindDeps> = {}): RemindDeps => ({
  queue: store.reminderQueue,
  announcers: new Map([["discord", clara.announcer]]),
  clock: { now, elapsedMs: () => performance.now() },
  fault: noFault,
  log: silentLog,
  calendar: loadCalendar,
  ...change,
});

describe("a reminder on Discord", () => {
  test("is said in its channel, pings its owner and nobody else, and has buttons", async () => {
    const opened = await open();
    const { discord } = opened;
    await remindIn(opened, discord.general);

    expect(await remindDue(deps(opened), 8, signal)).toBe(1);
    expect(await remindDue(deps(opened), 8, signal)).toBe(0);

    const [said, ...more] = discord.general.fromBot();
    expect(more).toEqual([]);
    expect(said?.content).toBe(`<@${discord.ana.id}> ⏰ Make tea @everyone`);
    expect(said?.pings).toMatchObject({ users: [discord.ana.id], everyone: false });
    expect(said?.buttons.map(({ label }) => label)).toEqual([
      "Done",
      "+10 min",
      "Tomorrow",
      "Repeat",
    ]);
  });

  test("that is late says how late", async () => {
    const opened = await open();
    await remindIn(opened, opened.discord.general, {
      dueAt: new Date(now().getTime() - 3 * 3_600_000 - 5 * 60_000 - 1_000),
    });

    await remindDue(deps(opened), 8, signal);

    expect(opened.discord.general.fromBot()[0]?.content).toContain("3 h 5 min late");
  });

  test("of a repeat is said once for all that was missed, and comes again", async () => {
    const opened = await open();
    const { nextAfter, repeatFrom } = await loadCalendar();
    const start = new Date(now().getTime() - 5 * 3_600_000 - 60_000);
    const repeat = repeatFrom(start, "hour", "UTC");
    const { id } = await remindIn(opened, opened.discord.general, {
      dueAt: start,
      repeat,
      times: 20,
    });

    await remindDue(deps(opened), 8, signal);

    const said = opened.discord.general.fromBot();
    expect(said).toHaveLength(1);
    expect(said[0]?.content).toContain("5 more times were missed");
    const place = placeOf(opened.discord, opened.discord.general);
    const known = await opened.store.reminders.one(scopeIn(opened.discord, place), id);
    expect(known).toMatchObject({ state: "open", timesLeft: 14 });
    expect(known?.dueAt).toEqual(nextAfter(repeat, now()));
  });

  test("goes to the DM when its owner may not read the channel any more, or has left", async () => {
    const opened = await open();
    const { discord } = opened;
    const hidden = discord.guild.channel("hidden");
    await remindIn(opened, hidden);
    hidden.deny(discord.ana, "ViewChannel");
    await remindDue(deps(opened), 8, signal);
    await remindIn(opened, discord.general);
    discord.guild.kick(discord.ana);
    await remindDue(deps(opened), 8, signal);

    expect(hidden.fromBot()).toEqual([]);
    expect(discord.general.fromBot()).toEqual([]);
    expect(discord.ana.dmPlace().fromBot()).toHaveLength(2);
  });

  test("that can be said nowhere is kept in the list", async () => {
    const opened = await open();
    const { discord, store } = opened;
    const place = placeOf(discord, discord.general);
    await remindIn(opened, discord.general, { to: "dm" });
    discord.ana.closesDms();

    await remindDue(deps(opened), 8, signal);

    expect(await store.reminders.list(scopeIn(discord, place))).toMatchObject([
      { state: "undeliverable" },
    ]);
  });

  test("is tried again later when Discord does not answer, and never lost", async () => {
    const opened = await open();
    const { discord, store } = opened;
    await remindIn(opened, discord.general);
    const broken = { announce: () => Promise.reject(new Error("away")) };
    await remindDue(deps(opened, { announcers: new Map([["discord", broken]]) }), 8, signal);

    expect(await remindDue(deps(opened), 8, signal)).toBe(0);
    await store.query("update reminders set leased_until = now()");
    await remindDue(deps(opened), 8, signal);

    expect(discord.general.fromBot()).toHaveLength(1);
  });

  test.each([
    ["within the time that a nonce is trusted", 0, 300_000],
    ["long after, when Discord has forgotten the nonce", 3_600_000, 0],
  ])(
    "that was said before its worker died is not said twice, %s",
    async (_, ageMs, nonceWindowMs) => {
      const opened = await open({ nonceWindowMs });
      const { discord, store } = opened;
      await remindIn(opened, discord.general);
      const lost = { ...store.reminderQueue, settle: () => Promise.reject(new Error("killed")) };
      await remindDue(deps(opened, { queue: lost }), 8, signal);
      expect(discord.general.fromBot()).toHaveLength(1);
      await store.query(
        "update reminders set leased_until = now(), first_tried_at = now() - $1 * interval '1 ms'",
        [ageMs],
      );

      await remindDue(deps(opened), 8, signal);

      expect(discord.general.fromBot()).toHaveLength(1);
      expect(await store.query("select state from reminders")).toEqual([{ state: "told" }]);
    },
  );
});

describe("a button of a reminder", () => {
  async function said(opened: Opened) {
    const reminder = await remindIn(opened, opened.discord.general);
    await remindDue(deps(opened), 8, signal);
    const [message] = opened.discord.general.fromBot();
    if (!message) throw new Error("nothing was said");
    return { reminder, message };
  }

  test("Done ends it", async () => {
    const opened = await open();
    const { message } = await said(opened);

    await opened.discord.ana.clicks(message, "Done");
    await opened.discord.until(() => message.content.includes("Done."), "done");

    expect(message.buttons).toEqual([]);
    expect(await opened.store.query("select state from reminders")).toEqual([{ state: "done" }]);
  });

  test("+10 min puts it off, once", async () => {
    const opened = await open();
    const { message } = await said(opened);
    const before = now().getTime();

    await Promise.all([
      opened.discord.ana.clicks(message, "+10 min"),
      opened.discord.ana.clicks(message, "+10 min"),
    ]);
    await opened.discord.until(() => message.content.includes("Again"), "put off");

    const open_ = await opened.store.query("select due_at from reminders where state = 'open'");
    expect(open_).toHaveLength(1);
    const dueAt = Number(open_[0]?.["due_at"]);
    expect(dueAt - before).toBeGreaterThanOrEqual(600_000);
    expect(dueAt - before).toBeLessThan(660_000);
  });

  test("Repeat asks how often, and repeats from then on", async () => {
    const opened = await open();
    const { message } = await said(opened);

    await opened.discord.ana.clicks(message, "Repeat");
    await opened.discord.until(() => message.content.includes("How often"), "the question");
    await opened.discord.ana.clicks(message, "Every week");
    await opened.discord.until(() => message.content.includes("every week"), "repeated");

    const rows = await opened.store.query(
      "select repeat, times_left from reminders where state = 'open'",
    );
    expect(rows).toMatchObject([{ repeat: { unit: "week", every: 1 }, times_left: 500 }]);
  });

  test("is its owner's alone", async () => {
    const opened = await open();
    const { message } = await said(opened);

    const { ben, general } = opened.discord;
    const whispers = () => general.seenBy(ben).map(({ content }) => content);

    await ben.clicks(message, "Done");
    await opened.discord.until(() => whispers().length > 1, "a whisper");

    expect(whispers().at(-1)).toContain("not your reminder");
    expect(await opened.store.query("select state from reminders")).toEqual([{ state: "told" }]);
  });
});

describe("a scheduled prompt on Discord", () => {
  async function scheduleIn(opened: Opened, where: Place, change: Partial<NewSchedule> = {}) {
    const place = placeOf(opened.discord, where);
    const added = await opened.store.schedules.add(scopeIn(opened.discord, place), {
      place,
      prompt: "Tell the news",
      dueAt: new Date(now().getTime() - 1_000),
      repeat: null,
      times: 1,
      zone: "UTC",
      maxRunUsd: 1,
      maxMonthUsd: 10,
      ...change,
    });
    if (added.kind !== "added") throw new Error(added.kind);
    return added.schedule;
  }

  const run = (opened: Opened, queue = opened.store.scheduleQueue) =>
    runSchedules(
      {
        ...deps(opened),
        queue,
        inbox: opened.store.inbox,
        access: opened.clara.access,
      },
      8,
      signal,
    );

  test("becomes one turn in the scope of its owner, although its worker dies before it knows", async () => {
    const opened = await open({ nonceWindowMs: 0 });
    const { discord, store } = opened;
    await scheduleIn(opened, discord.general);
    const lost = { ...store.scheduleQueue, settle: () => Promise.reject(new Error("killed")) };
    await run(opened, lost);
    await store.query(
      "update schedules set leased_until = now(), first_tried_at = now() - interval '1 hour'",
    );

    await run(opened);

    const [opening, ...more] = discord.general.fromBot();
    expect(more).toEqual([]);
    expect(opening?.content).toContain("📅 Scheduled: Tell the news");
    expect(
      await store.query(
        "select trigger, trigger_id, person_id, principal->>'via' as via from turns",
      ),
    ).toEqual([
      {
        trigger: "schedule",
        trigger_id: `discord:${opening?.id}`,
        person_id: `discord:${discord.ana.id}`,
        via: "job",
      },
    ]);
    expect(await store.query("select state from schedules")).toEqual([{ state: "ended" }]);
  });

  test.each([
    [
      "its owner may not write there",
      (discord: FakeDiscord) => discord.general.deny(discord.ana, "SendMessages"),
    ],
    ["its owner has left", (discord: FakeDiscord) => discord.guild.kick(discord.ana)],
  ])("stops and tells its owner in private when %s", async (_, change) => {
    const opened = await open();
    const { discord, store } = opened;
    await scheduleIn(opened, discord.general);
    change(discord);

    await run(opened);
    await remindDue(deps(opened), 8, signal);

    expect(discord.general.fromBot()).toEqual([]);
    expect(await store.query("select state from schedules")).toEqual([{ state: "halted" }]);
    expect(await store.query("select * from turns")).toEqual([]);
    expect(discord.ana.dmPlace().fromBot()[0]?.content).toMatch(
      /stopped the scheduled prompt .* may not write/,
    );
  });

  test("stops after three failures", async () => {
    const opened = await open();
    const { discord, store } = opened;
    const { repeatFrom } = await loadCalendar();
    const repeat = repeatFrom(now(), "day", "UTC");
    const { id } = await scheduleIn(opened, discord.general, { repeat, times: 10 });
    const dueAgain = () => store.query("update schedules set due_at = now() - interval '1 second'");
    for (const _ of [1, 2, 3]) {
      await run(opened);
      await store.query(`update turns set state = 'done', outcome = '{"detail":"model:timeout"}'`);
      await dueAgain();
    }

    await run(opened);

    expect(discord.general.fromBot()).toHaveLength(3);
    expect(await store.query("select state from schedules where id = $1", [id])).toEqual([
      { state: "halted" },
    ]);
  });

  test("is stopped by its owner's button", async () => {
    const opened = await open();
    const { discord, store } = opened;
    const { repeatFrom } = await loadCalendar();
    await scheduleIn(opened, discord.general, {
      repeat: repeatFrom(now(), "day", "UTC"),
      times: 10,
    });
    await run(opened);
    const [opening] = discord.general.fromBot();
    if (!opening) throw new Error("nothing was said");

    await discord.ana.clicks(opening, "Stop this schedule");
    await discord.until(() => opening.content.includes("stopped"), "stopped");

    expect(await store.query("select state from schedules")).toEqual([{ state: "cancelled" }]);
  });
});
