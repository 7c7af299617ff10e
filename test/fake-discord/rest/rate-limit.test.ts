import { expect, test } from "vitest";

import { channelOf, connect } from "../connect.ts";
import { type FakeDiscord, REQUESTS, startFakeDiscord } from "../index.ts";

const SENDS = "POST /channels/:channelId/messages";
const TWO_SENDS = { [SENDS]: { count: 2, perMs: 150 } };

test("each answer tells its bucket: limit, what remains, and when it is whole again", async () => {
  await using discord = await startFakeDiscord({
    rateLimits: TWO_SENDS,
    now: () => 1_800_000_000_000,
  });

  const first = await send(discord);
  const second = await send(discord);

  expect(limitsOf(first)).toMatchObject({
    limit: "2",
    remaining: "1",
    reset: "1800000000.150",
    "reset-after": "0.150",
  });
  expect(limitsOf(second)).toMatchObject({
    remaining: "0",
    bucket: limitsOf(first)["bucket"],
  });
});

test("one request too many gets 429 and does nothing; other channels go on", async () => {
  await using discord = await startFakeDiscord({ rateLimits: TWO_SENDS });
  const other = discord.guild.channel("other");
  await send(discord);
  await send(discord);

  const refused = await send(discord);
  const elsewhere = await send(discord, other.id);

  expect(refused.status).toBe(429);
  expect(limitsOf(refused)).toMatchObject({ scope: "user", remaining: "0" });
  expect(await refused.json()).toMatchObject({ global: false, retry_after: expect.any(Number) });
  expect(elsewhere.status).toBe(200);
  expect(discord.general.fromBot()).toHaveLength(2);
  expect(discord.journal.counts().invalidRequests).toBe(1);
});

test("discord.js keeps within the buckets that the headers describe", async () => {
  await using discord = await startFakeDiscord({ rateLimits: TWO_SENDS });
  await using bot = await connect(discord);
  const channel = channelOf(bot.client, discord.general);

  await Promise.all(["1", "2", "3", "4", "5"].map((text) => channel.send(text)));

  expect(discord.general.fromBot().map(({ content }) => content)).toEqual([
    "1",
    "2",
    "3",
    "4",
    "5",
  ]);
  expect(discord.journal.counts()).toMatchObject({ messageCreates: 5, invalidRequests: 0 });
});

test("beyond fifty requests a second everything is refused globally, save answers to interactions", async () => {
  await using discord = await startFakeDiscord({
    rateLimits: "discord",
    now: () => 1_800_000_000_000,
  });
  const me = () => ask(discord, "GET", "/users/@me");

  const answers = await Promise.all(Array.from({ length: 51 }, me));
  const followUp = await ask(discord, "POST", "/webhooks/1/token", { content: "late" });

  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(1);
  expect(refused[0]!.headers.get("x-ratelimit-global")).toBe("true");
  expect(limitsOf(refused[0]!)).toMatchObject({ scope: "global" });
  expect(followUp.status).toBe(404);
});

test.each(["user", "global", "shared"] as const)(
  "a 429 of scope %s is waited out by discord.js, and the message is sent once",
  async (scope) => {
    await using discord = await startFakeDiscord();
    await using bot = await connect(discord);
    discord.faults.add({ kind: "rate-limit", scope, ms: 20, match: REQUESTS.sends });

    await channelOf(bot.client, discord.general).send("patience");

    expect(discord.journal.rest({ method: "POST" })).toMatchObject([
      { status: 429, scope },
      { status: 200 },
    ]);
    expect(discord.general.fromBot()).toHaveLength(1);
    expect(discord.journal.counts().invalidRequests).toBe(scope === "shared" ? 0 : 1);
  },
);

function ask(discord: FakeDiscord, method: string, path: string, body?: object): Promise<Response> {
  return fetch(`${discord.apiBase}/v10${path}`, {
    method,
    headers: { authorization: `Bot ${discord.token}`, "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

function send(discord: FakeDiscord, channelId = discord.general.id): Promise<Response> {
  return ask(discord, "POST", `/channels/${channelId}/messages`, { content: "hello" });
}

function limitsOf({ headers }: Response): Record<string, string> {
  const own = [...headers].filter(([name]) => name.startsWith("x-ratelimit-"));
  return Object.fromEntries(own.map(([name, value]) => [name.replace("x-ratelimit-", ""), value]));
}
