import { REST } from "discord.js";
import { expect, onTestFinished, test } from "vitest";
import { startFakeDiscord, type FakeDiscord, type Message } from "../../test/fake-discord/index.ts";
import { createDiscordAttachments } from "./attachments.ts";

const ALIVE = new AbortController().signal;
const MB = 1_024 * 1_024;
const LIFETIME_MS = 60_000;

async function start() {
  let now = Date.now();
  const discord = await startFakeDiscord({ now: () => now, attachmentLifetimeMs: LIFETIME_MS });
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const rest = new REST({ api: discord.apiBase }).setToken(discord.token);
  const asked: string[] = [];
  const source = createDiscordAttachments({
    rest,
    apiBase: discord.apiBase,
    fetch: (url, init) => {
      asked.push(String(url instanceof Request ? url.url : url));
      return fetch(url, init);
    },
  });
  const pass = (ms: number) => {
    now += ms;
  };
  return { discord, source, asked, pass };
}

/** What Discord told the bot of the file. */
async function uploaded(discord: FakeDiscord, bytes: Uint8Array | string) {
  const message: Message = await discord.ana.says("@Clara look", {
    files: [{ name: "a.txt", bytes }],
  });
  const rest = new REST({ api: discord.apiBase }).setToken(discord.token);
  const { attachments } = (await rest.get(
    `/channels/${message.channelId}/messages/${message.id}`,
  )) as { attachments: { id: string; url: string; size: number }[] };
  const [{ id, url, size } = { id: "", url: "", size: 0 }] = attachments;
  return { id, name: "a.txt", contentType: null, sizeBytes: size, url };
}

test("the bytes that a person uploaded come back as they were", async () => {
  const { discord, source } = await start();
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));

  const fetched = await source.fetch(await uploaded(discord, bytes), MB, ALIVE);

  expect(fetched.kind === "fetched" && Buffer.from(fetched.bytes).equals(bytes)).toBe(true);
});

test("an address that has expired is made fresh by Discord", async () => {
  const { discord, source, pass, asked } = await start();
  const attachment = await uploaded(discord, "words");

  pass(LIFETIME_MS + 2_000);
  const fetched = await source.fetch(attachment, MB, ALIVE);

  expect(fetched.kind === "fetched" && Buffer.from(fetched.bytes).toString()).toBe("words");
  expect(asked).toHaveLength(2);
});

test("more bytes than were asked for are not read to the end", async () => {
  const { discord, source } = await start();

  const attachment = await uploaded(discord, Buffer.alloc(2 * MB));

  expect(await source.fetch(attachment, MB, ALIVE)).toEqual({ kind: "too-large" });
});

test("nothing is fetched from anywhere but Discord's own servers", async () => {
  const { discord, source, asked } = await start();
  const attachment = await uploaded(discord, "words");
  const elsewhere = [
    "http://169.254.169.254/latest",
    "https://cdn.discordapp.com.evil.example/a",
    "file:///etc/passwd",
    "not an address",
  ];

  const fetched = await Promise.all(
    elsewhere.map((url) => source.fetch({ ...attachment, url }, MB, ALIVE)),
  );

  expect(fetched).toEqual(elsewhere.map(() => ({ kind: "gone" })));
  expect(asked).toEqual([]);
});

test("a file that is gone for good is gone, and not an error", async () => {
  const { discord, source } = await start();
  const attachment = await uploaded(discord, "words");
  const url = attachment.url.replace(/attachments\/(\d+)\/\d+/, "attachments/$1/1");

  expect(await source.fetch({ ...attachment, url }, MB, ALIVE)).toEqual({ kind: "gone" });
});
