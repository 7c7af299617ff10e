import { REST } from "discord.js";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { REQUESTS, startFakeDiscord } from "../../test/fake-discord/index.ts";
import { systemClock } from "../core/clock.ts";
import { createLogChannel } from "../discord/log-channel.ts";
import { restOptions } from "../discord/rest.ts";
import { createLog } from "../lib/log.ts";
import { createLogMirror } from "./log-mirror.ts";
import { createLogTap } from "./log-tap.ts";

/** A log, a mirror of it, and a Discord with the channel, all of them real but Discord. */
async function open({ channelId = null }: { readonly channelId?: string | null } = {}) {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const tap = createLogTap();
  const lines: string[] = [];
  const write = (line: string) => {
    lines.push(line);
    tap.write(line);
  };
  const log = createLog({ level: "info", secrets: () => ["hunter22"] }, { write });
  const clock = { now: systemClock.now, elapsedMs: () => time.nowMs };
  const time = { nowMs: 0 };
  const deps = { clock: systemClock, log: log.child({ room: "discord" }), onUnauthorised() {} };
  const options = restOptions(deps, { apiBase: discord.apiBase });
  const rest = new REST({ ...options, retries: 0 }).setToken(discord.token);
  const place = discord.guild.channel("log");
  const channel = createLogChannel({ rest }, channelId ?? place.id);
  let keys = 0;
  const mirror = createLogMirror(
    { channel, clock, createKey: () => `key-${keys++}`, log },
    { firstPauseMs: 10 },
  );
  tap.listen(mirror.take);
  const stop = new AbortController();
  const running = mirror.run(stop.signal);
  const end = async () => {
    stop.abort();
    await running;
  };
  onTestFinished(end);
  const said = () => place.fromBot().map(({ content }) => content);
  const events = () => lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
  const sends = () => discord.journal.rest(REQUESTS.sends).length;
  return { discord, log, mirror, place, said, events, sends, time, end };
}

test("warnings and errors are told in the channel as plain lines that ping nobody; the rest is not", async () => {
  const { discord, log, said, place } = await open();

  log.info({ turnId: "turn:discord:1" }, "turn-end");
  log.child({ room: "agent" }).error({ turnId: "turn:discord:1", why: "hunter22" }, "turn-failed");
  for (let index = 0; index < 3; index++) log.warn({ words: "<@1> @everyone look" }, "@everyone");
  await expect.poll(said).toHaveLength(1);

  expect(said()).toEqual([
    "```\nERROR agent turn-failed turnId=turn:discord:1\nWARNING house @everyone (3 times)\n```",
  ]);
  expect(discord.journal.rest(REQUESTS.sends)[0]?.body).toMatchObject({
    allowed_mentions: { parse: [] },
  });
  expect(place.fromBot()[0]?.pings).toEqual({ users: [], roles: [], everyone: false });
  expect(discord.unfurled).toEqual([]);
});

test("what is said to the very end is told", async () => {
  const { log, said, end } = await open();
  log.warn({}, "last-words");

  await end();

  expect(said()).toEqual(["```\nWARNING house last-words\n```"]);
});

test("a channel that is not there is said once in the log, and left alone for a while", async () => {
  const { discord, log, events, mirror, sends, time } = await open({
    channelId: "123456789012345678",
  });

  log.warn({}, "first");
  await expect.poll(events).toContain("log-channel-refused");
  for (let index = 0; index < 10; index++) log.warn({ index }, "second");
  await sleep(100);

  expect(events().filter((event) => event.startsWith("log-channel"))).toEqual([
    "log-channel-refused",
  ]);
  expect([sends(), mirror.dropped()]).toEqual([1, 1]);
  time.nowMs += 900_000;
  await discord.until(() => sends() === 2, "another attempt");
});

test("an outage makes one line, no line about that line, and what was to be said is said once", async () => {
  const { discord, log, events, said } = await open();
  discord.faults.add({ kind: "status-after-commit", status: 502, match: REQUESTS.sends });
  discord.faults.add({ kind: "status-before", status: 502, match: REQUESTS.sends });

  log.warn({}, "first");
  await expect.poll(said).toHaveLength(1);
  await sleep(150);

  expect(events()).toEqual(["first", "log-channel-failed"]);
  expect(said()).toEqual(["```\nWARNING house first\n```"]);
});

test("what cannot be said in three attempts is counted and given up", async () => {
  const { discord, log, said, mirror } = await open();
  discord.faults.add({ kind: "status-before", status: 502, times: 3, match: REQUESTS.sends });

  log.warn({}, "first");
  await expect.poll(mirror.dropped).toBe(1);
  log.warn({}, "second");
  await expect.poll(said).toEqual(["```\nWARNING house second\n```"]);
});
