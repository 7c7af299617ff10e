import { expect, test } from "vitest";
import { silentLog } from "../core/log.ts";
import { guildId } from "../core/ids.ts";
import { conversationId, turnId } from "../core/ids.ts";
import type { Posted } from "../core/channel-posts.ts";
import type { Conversation } from "../core/message.ts";
import type { OutgoingPart, Sent } from "../core/outlet.ts";
import { createFakeOutlet } from "../../test/fake-outlet.ts";
import { tellingOfBudgets, tellingOfRefusals } from "./admin-news.ts";
import { createGuildLog } from "./guild-log.ts";

const GUILD = guildId("discord:7");

/** A log whose clock the test turns. */
function scene({ channel = "70", posted = { kind: "posted", url: "" } as Posted } = {}) {
  const lines: string[] = [];
  const warnings: string[] = [];
  let nowMs = 0;
  let isAway = false;
  const guildLog = createGuildLog({
    posts: {
      async post(place, key, line) {
        lines.push(`${place.channelId} ${line}`);
        expect(key.length).toBeLessThanOrEqual(22);
        return posted;
      },
    },
    async logChannelOf(guild) {
      if (isAway) throw new Error("The database is away");
      return guild === GUILD ? channel : null;
    },
    clock: { now: () => new Date(nowMs), elapsedMs: () => nowMs },
    createKey: () => "key",
    log: { ...silentLog, warn: (_, event) => void warnings.push(event) },
  });
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
