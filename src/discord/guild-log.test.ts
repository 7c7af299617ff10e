import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { silentLog } from "../core/log.ts";
import { guildId, type GuildId } from "../core/ids.ts";
import { conversationId, turnId } from "../core/ids.ts";
import type { Posted } from "../core/channel-posts.ts";
import type { Conversation } from "../core/message.ts";
import type { OutgoingPart, Sent } from "../core/outlet.ts";
import { createFakeOutlet } from "../../test/fake-outlet.ts";
import { tellingOfBudgets, tellingOfRefusals } from "./admin-news.ts";
import { createGuildLog } from "./guild-log.ts";

const GUILD = guildId("discord:7");

/** A log whose clock the test turns. */
function scene({
  channel = "70",
  posted = { kind: "posted", url: "" } as Posted,
  channelOf = async (guild: GuildId): Promise<string | null> => (guild === GUILD ? channel : null),
  before = async (_line: string): Promise<void> => {},
} = {}) {
  const lines: string[] = [];
  const warnings: string[] = [];
  let nowMs = 0;
  let isAway = false;
  const deps = {
    posts: {
      async post(place: Conversation, key: string, line: string) {
        await before(line);
        lines.push(`${place.channelId} ${line}`);
        expect(key.length).toBeLessThanOrEqual(22);
        return posted;
      },
    },
    async logChannelOf(guild: GuildId) {
      if (isAway) throw new Error("The database is away");
      return channelOf(guild);
    },
    clock: { now: () => new Date(nowMs), elapsedMs: () => nowMs },
    createKey: () => "key",
    log: { ...silentLog, warn: (_: unknown, event: string) => void warnings.push(event) },
  };
  const guildLog = createGuildLog(deps, { sayMs: 200 });
  return {
    guildLog,
    lines,
    warnings,
    waitMs: (ms: number) => void (nowMs += ms),
    away: (now: boolean) => void (isAway = now),
  };
}

test("tells a server in its own channel, in order, and one without a channel nothing", async () => {
  const { guildLog, lines } = scene();

  guildLog.tell(GUILD, "one");
  guildLog.tell(guildId("discord:8"), "elsewhere");
  guildLog.tell(null, "in private");
  guildLog.tell(GUILD, "two".padEnd(5_000, "o"));

  await expect.poll(() => lines).toHaveLength(2);
  expect(lines[0]).toBe("70 one");
  expect(lines[1]).toHaveLength(1_803);
});

test("tells so many lines an hour, then that there were more, and goes on in the next", async () => {
  const { guildLog, lines, waitMs } = scene();

  for (let line = 0; line < 100; line++) guildLog.tell(GUILD, `line ${line}`);
  await expect.poll(() => lines.at(-1)).toMatch(/More happened/);
  const first = lines.length;
  waitMs(3_600_001);
  guildLog.tell(GUILD, "anew");

  await expect.poll(() => lines.at(-1)).toBe("70 anew");
  expect(first).toBe(61);
});

test("a refusal and a database that is away are warnings, and later lines are told", async () => {
  const { guildLog, lines, warnings, away } = scene({
    posted: { kind: "refused", reason: "discord-50013" },
  });

  away(true);
  guildLog.tell(GUILD, "lost");
  await expect.poll(() => warnings).toEqual(["guild-log-failed"]);
  away(false);
  guildLog.tell(GUILD, "told");

  await expect.poll(() => warnings).toEqual(["guild-log-failed", "guild-log-refused"]);
  expect(lines).toEqual(["70 told"]);
});

test("a line that found no room counts as not told: it may come again", async () => {
  const gate = Promise.withResolvers<void>();
  const { guildLog, lines, warnings } = scene({
    channelOf: async () => "70",
    before: () => gate.promise,
  });
  for (let guild = 100; guild < 104; guild++)
    for (let line = 0; line < 50; line++)
      guildLog.tell(guildId(`discord:${guild}`), `${guild}: ${line}`);

  for (let again = 0; again < 100; again++) guildLog.tellOnce(GUILD, "a right is missing");
  expect(warnings).toContain("guild-log-full");
  gate.resolve();
  await expect.poll(() => lines).toHaveLength(200);
  guildLog.tellOnce(GUILD, "a right is missing");
  guildLog.tellOnce(GUILD, "a right is missing");

  await expect.poll(() => lines).toHaveLength(201);
  expect(lines.at(-1)).toBe("70 a right is missing");
});

test("no server waits for another's channel, and each is told in order", async () => {
  const gate = Promise.withResolvers<void>();
  const { guildLog, lines } = scene({
    channelOf: async () => "70",
    before: async (line) => {
      if (line.startsWith("slow")) await gate.promise;
    },
  });

  guildLog.tell(guildId("discord:8"), "slow one");
  guildLog.tell(guildId("discord:8"), "then two");
  guildLog.tell(GUILD, "three");
  guildLog.tell(GUILD, "four");

  await expect.poll(() => lines).toEqual(["70 three", "70 four"]);
  gate.resolve();
  await expect.poll(() => lines.slice(2)).toEqual(["70 slow one", "70 then two"]);
});

test("a few servers are told at once, and no more", async () => {
  let [now, most] = [0, 0];
  const { guildLog, lines } = scene({
    channelOf: async () => "70",
    before: async () => {
      most = Math.max(most, ++now);
      await pause(2);
      now--;
    },
  });

  for (let guild = 100; guild < 150; guild++) guildLog.tell(guildId(`discord:${guild}`), "hi");

  await expect.poll(() => lines).toHaveLength(50);
  expect(most).toBe(8);
});

test("a database that never answers holds up nothing for long", async () => {
  let looks = 0;
  const { guildLog, lines, warnings } = scene({
    channelOf: () => (looks++ === 0 ? new Promise(() => {}) : Promise.resolve("70")),
  });

  guildLog.tell(GUILD, "lost");
  guildLog.tell(GUILD, "told");

  await expect.poll(() => lines).toEqual(["70 told"]);
  expect(warnings).toEqual(["guild-log-failed"]);
});

const place: Conversation = {
  id: conversationId("discord:channel:71"),
  platform: "discord",
  kind: "channel",
  guildId: GUILD,
  channelId: "71",
  parentId: null,
  title: "#general",
  audience: {
    kind: "channel",
    conversationId: conversationId("discord:channel:71"),
    guildId: GUILD,
  },
};
const part: OutgoingPart = {
  turnId: turnId("t"),
  part: 0,
  nonce: "n",
  content: "private words",
  file: null,
  replyTo: null,
  follows: null,
  running: false,
};

test("channels without rights and budgets that are used up are told once an hour, without words", async () => {
  const { guildLog, lines, waitMs } = scene();
  const refusing = (reason: string) => {
    const sent: Sent = { kind: "undeliverable", reason };
    return tellingOfRefusals({ ...createFakeOutlet(), send: async () => sent }, guildLog);
  };
  const watch = tellingOfBudgets(guildLog);
  const end = { costUsd: 0, inputTokens: 0, outputTokens: 0, elapsedMs: 0, model: null };
  const { signal } = new AbortController();

  for (const _ of [1, 2]) {
    await refusing("discord-50013").send(place, part, signal);
    await refusing("discord-10003").send(place, part, signal);
    watch(place, part.turnId, { type: "turn-end", detail: "over-budget", ...end });
    watch(place, part.turnId, { type: "turn-end", detail: "answered", ...end });
  }
  await expect.poll(() => lines).toHaveLength(2);
  expect(lines).toEqual([
    expect.stringMatching(/^70 ⚠️ I could not answer in <#71>/),
    expect.stringMatching(/^70 💛 A budget is used up: I gave no answer in <#71>/),
  ]);
  waitMs(3_600_001);
  await refusing("discord-50001").send(place, part, signal);

  await expect.poll(() => lines).toHaveLength(3);
  expect(lines.join()).not.toContain("private words");
});
