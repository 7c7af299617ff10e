import { RateLimitError, REST } from "discord.js";
import { Routes } from "discord-api-types/v10";
import { expect, onTestFinished, test } from "vitest";
import { startFakeDiscord } from "../../test/fake-discord/index.ts";
import { silentLog } from "../core/log.ts";
import { createSecretFilter } from "../lib/secret-filter.ts";
import { restOptions, type RestDeps } from "./rest.ts";

async function setUp(parts: Pick<RestDeps, "cleanText"> = {}) {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const events: string[] = [];
  const time = { nowMs: 0 };
  const options = restOptions(
    {
      ...parts,
      clock: { now: () => new Date(time.nowMs), elapsedMs: () => time.nowMs },
      log: { ...silentLog, error: (_, event) => events.push(event) },
      onUnauthorised: () => events.push("told"),
    },
    { apiBase: discord.apiBase },
  );
  const rest = new REST({ ...options, retries: 0 }).setToken(discord.token);
  const requests = () => discord.journal.counts().requests;
  return { discord, rest, options, events, time, requests };
}

test("nothing is sent after Discord refused the token, and somebody is told once", async () => {
  const { rest, events, requests } = await setUp();
  rest.setToken("wrong");

  await expect(rest.get(Routes.gatewayBot())).rejects.toMatchObject({ status: 401 });
  rest.setToken("wrong");
  await expect(rest.get(Routes.gatewayBot())).rejects.toThrow(/DISCORD_BOT_TOKEN/);

  expect(events).toEqual(["discord-token-refused", "told"]);
  expect(requests()).toBe(1);
});

test("a 401 for an interaction's token says nothing of the bot's", async () => {
  const { discord, rest, events } = await setUp();
  discord.faults.add({ kind: "status-before", status: 401 });

  await expect(rest.get(Routes.gateway(), { auth: false })).rejects.toMatchObject({ status: 401 });

  expect(events).toEqual([]);
  await expect(rest.get(Routes.gatewayBot())).resolves.toBeTruthy();
});

test("requests stop well before Discord would ban the address, until ten minutes have passed", async () => {
  const { discord, options, events, time, requests } = await setUp();
  const ask = () => options.makeRequest?.(`${discord.apiBase}/v10/gateway`, { method: "GET" });
  discord.faults.add({ kind: "status-before", status: 403, times: Infinity });

  for (let count = 0; count < 2_000; count++) await (await ask())?.arrayBuffer();
  await expect(ask()).rejects.toThrow(/invalid requests/);
  const stoppedAt = requests();
  time.nowMs += 600_000;
  await (await ask())?.arrayBuffer();

  expect(events).toEqual(["discord-requests-stopped"]);
  expect(stoppedAt).toBe(2_000);
  expect(requests()).toBe(2_001);
});

test.each([
  ["counts", "user", 1],
  ["does not count", "shared", 0],
] as const)("a limit %s when its scope is %s", async (_, scope, expected) => {
  const { discord, options, time, events } = await setUp();
  const ask = () => options.makeRequest?.(`${discord.apiBase}/v10/gateway`, { method: "GET" });
  discord.faults.add({ kind: "status-before", status: 403, times: 1_999 });
  discord.faults.add({ kind: "rate-limit", ms: 0, scope });

  for (let count = 0; count < 2_000; count++) await (await ask())?.arrayBuffer();

  expect(events).toHaveLength(expected);
  expect(time.nowMs).toBe(0);
});

test.each([
  ["without a time to wait", { kind: "status-before", status: 429, body: "<html></html>" }],
  ["of an hour", { kind: "rate-limit", ms: 3_600_000 }],
] as const)("a limit %s is the caller's to wait out, after one request", async (_, fault) => {
  const { discord, rest, requests } = await setUp();
  discord.faults.add({ ...fault, times: Infinity });

  await expect(rest.get(Routes.gatewayBot())).rejects.toBeInstanceOf(RateLimitError);

  expect(requests()).toBe(1);
});

test("a request that waits for its turn is given up with its signal", async () => {
  const { discord, rest, requests } = await setUp();
  discord.faults.add({ kind: "slow", ms: 100 });
  const first = rest.get(Routes.gatewayBot());
  const second = rest.get(Routes.gatewayBot(), { signal: AbortSignal.abort() });

  await expect(second).rejects.toMatchObject({ name: "AbortError" });
  await first;

  expect(requests()).toBe(1);
});

test("a secret reaches Discord neither as words nor in a button, an embed or a form with files", async () => {
  const secret = 'Zx9-"Quiet"_Harbour.42';
  const { discord, rest } = await setUp({ cleanText: createSecretFilter(() => [secret]).whole });
  const body = {
    content: `It is ${secret}.`,
    embeds: [{ title: secret, footer: { text: secret } }],
    components: [{ type: 1, components: [{ type: 2, style: 2, label: secret, custom_id: "a" }] }],
  };
  const route = Routes.channelMessages(discord.general.id);
  const file = { name: `${secret}.txt`, data: Buffer.from("words") };

  const answers = [
    await rest.post(route, { body }),
    await rest.post(route, { body, files: [file] }),
  ];

  const seen = JSON.stringify([answers, discord.journal.entries]);
  expect(seen).toContain("It is [removed: a secret].");
  expect(answers[1]).toMatchObject({ attachments: [{ size: 5 }] });
  expect(seen).not.toMatch(/harbour/i);
});
