import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PermissionFlagsBits } from "discord-api-types/v10";
import { expect, test } from "vitest";
import { startFakeDiscord, type FakeDiscord } from "../../test/fake-discord/index.ts";
import { checkDiscord } from "./check.ts";

const check = ({ apiBase, token }: Pick<FakeDiscord, "apiBase" | "token">) =>
  checkDiscord({ fetch }, { apiBase, token }, AbortSignal.timeout(5_000));

test("a token that works is known by its bot, its application, its intent and its servers", async () => {
  await using discord = await startFakeDiscord();

  const found = await check(discord);

  expect(found).toMatchObject({
    kind: "known",
    botName: "Clara",
    messageContent: true,
    servers: [{ id: discord.guild.id, name: "Home", missing: [] }],
  });
});

test("an intent that is off in the portal is noticed", async () => {
  await using discord = await startFakeDiscord({ messageContentAllowed: false });

  expect(await check(discord)).toMatchObject({ messageContent: false });
});

test("a wrong token is refused, not an error", async () => {
  await using discord = await startFakeDiscord();

  expect(await check({ apiBase: discord.apiBase, token: "wrong" })).toEqual({
    kind: "token-refused",
  });
});

test("an outage is an error, and says what Discord said", async () => {
  await using discord = await startFakeDiscord();
  discord.faults.add({ kind: "status-before", status: 503, match: { path: /applications/ } });

  await expect(check(discord)).rejects.toThrow("Discord answered 503 to GET /applications/@me");
});

test("missing permissions are named, an administrator misses none, and the invitation asks for all", async () => {
  const some = PermissionFlagsBits.ViewChannel | PermissionFlagsBits.SendMessages;
  const admin = PermissionFlagsBits.Administrator;
  await using server = await openServer({
    "/users/@me": { username: "Clara\n\u001b[31m" },
    "/applications/@me": { id: "77", flags: 0 },
    "/users/@me/guilds": [
      { id: "1", name: "Some", permissions: String(some) },
      { id: "2", name: "Admin", permissions: String(admin) },
    ],
  });

  const found = await check({ apiBase: server.apiBase, token: "t" });

  expect(found).toMatchObject({
    servers: [
      {
        id: "1",
        missing: ["send messages in threads", "read message history", "attach files"],
      },
      { id: "2", missing: [] },
    ],
    inviteUrl: expect.stringMatching(
      /client_id=77&scope=bot\+applications\.commands&permissions=\d+$/,
    ),
  });
});

/** Answers each path of REST v10 with a body. */
async function openServer(bodies: Readonly<Record<string, unknown>>) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(bodies[pathname.replace("/v10", "")]));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    apiBase: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
