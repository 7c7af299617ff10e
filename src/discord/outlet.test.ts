import { MessageFlags } from "discord-api-types/v10";
import { describe, expect, onTestFinished, test } from "vitest";
import { conversationIn, outletOn, partFor } from "../../test/discord-outlet.ts";
import type { FakeDiscordOptions, Message } from "../../test/fake-discord/index.ts";
import { REQUESTS, startFakeDiscord } from "../../test/fake-discord/index.ts";
import type { FaultPoint } from "../core/fault.ts";
import type { LogFields } from "../core/log.ts";
import { silentLog } from "../core/log.ts";
import { turnToStop } from "./outlet-message.ts";

const forEver = new AbortController().signal;

async function setUp(options: FakeDiscordOptions = {}) {
  const discord = await startFakeDiscord(options);
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const passed: FaultPoint[] = [];
  const warnings: (readonly [string, LogFields])[] = [];
  const log = {
    ...silentLog,
    warn: (fields: LogFields, event: string) => warnings.push([event, fields]),
  };
  const outlet = outletOn(discord, { fault: (point) => passed.push(point), log, timeoutMs: 500 });
  const question = await discord.ana.says("A question");
  const place = conversationIn(discord.general);
  return { discord, outlet, question, place, passed, warnings };
}

const idOf = (sent: { kind: string; messageId?: string }): string => sent.messageId ?? sent.kind;
const contents = (messages: readonly Message[]) => messages.map(({ content }) => content);

describe("send()", () => {
  test("replies to the question and pings nobody", async () => {
    const { discord, outlet, question, place, passed } = await setUp();
    const part = partFor(question, { content: `Hello <@${discord.ana.id}> and @everyone` });

    const sent = await outlet.send(place, part, forEver);

    const [message] = discord.general.fromBot();
    expect(sent).toEqual({ kind: "sent", messageId: message?.id, content: part.content });
    expect(message).toMatchObject({ replyTo: question.id, buttons: [], flags: 0 });
    expect(message?.pings).toEqual({ users: [], roles: [], everyone: false });
    expect(passed).toEqual(["outbox.send.before", "outbox.send.response.read"]);
  });

  test("replies to the part before with each later part", async () => {
    const { discord, outlet, question, place } = await setUp();
    const first = await outlet.send(place, partFor(question), forEver);

    const later = { part: 1, nonce: "n1", replyTo: null, follows: idOf(first) };
    await outlet.send(place, partFor(question, later), forEver);

    expect(discord.general.fromBot()[1]?.replyTo).toBe(idOf(first));
  });

  test("offers a Stop button and no previews while the answer grows", async () => {
    const { discord, outlet, question, place } = await setUp();
    const part = partFor(question, { running: true, content: "See https://exam" });

    await outlet.send(place, part, forEver);

    const [message] = discord.general.fromBot();
    expect(message?.buttons).toMatchObject([{ label: "Stop" }]);
    expect(turnToStop(message?.buttons[0]?.customId ?? "")).toBe(part.turnId);
    expect(message?.flags).toBe(MessageFlags.SuppressEmbeds);
    expect(discord.unfurled).toEqual([]);
  });

  test("makes one message of the same nonce and says which words it has", async () => {
    const { discord, outlet, question, place } = await setUp();
    const first = await outlet.send(place, partFor(question, { content: "first" }), forEver);

    const again = await outlet.send(place, partFor(question, { content: "second" }), forEver);

    expect(again).toEqual(first);
    expect(contents(discord.general.fromBot())).toEqual(["first"]);
  });

  test("uploads a file", async () => {
    const { discord, outlet, question, place } = await setUp();
    const file = { name: "answer.md", text: "Long — and whole" };

    await outlet.send(place, partFor(question, { file }), forEver);

    const [upload] = discord.general.fromBot()[0]?.files ?? [];
    expect(upload).toMatchObject({ name: "answer.md" });
    expect(Buffer.from(upload?.bytes ?? []).toString()).toBe(file.text);
  });

  test("answers without a reference when the question is gone", async () => {
    const { discord, outlet, question, place } = await setUp();
    await discord.ana.deletes(question);

    const sent = await outlet.send(place, partFor(question), forEver);

    expect(sent.kind).toBe("sent");
    expect(discord.general.fromBot()[0]?.replyTo).toBeNull();
  });

  test("answers without a reference where the history may not be read", async () => {
    const { discord, outlet, question, place } = await setUp();
    discord.general.deny(discord.bot, "ReadMessageHistory");

    const sent = await outlet.send(place, partFor(question), forEver);

    expect(sent.kind).toBe("sent");
    expect(discord.general.fromBot()).toHaveLength(1);
  });

  test("sends the words as a file when Discord refuses the form", async () => {
    const { discord, outlet, question, place, warnings } = await setUp();
    const content = "x".repeat(2_001);

    const sent = await outlet.send(place, partFor(question, { content }), forEver);

    const [message] = discord.general.fromBot();
    expect(sent).toMatchObject({ kind: "sent", messageId: message?.id });
    expect(message?.content).toMatch(/as a file/);
    expect(message?.files).toMatchObject([{ name: "answer.md" }]);
    expect(warnings).toMatchObject([["discord-refused-form", { channelId: place.channelId }]]);
  });

  test.each([
    ["a 502 after it took effect", { kind: "status-after-commit", status: 502, times: 6 }],
    ["a reset after it took effect", { kind: "reset-after-commit", times: 6 }],
    ["half an answer", { kind: "half-open" }],
    ["no answer at all", { kind: "hang" }],
    ["an answer without an id", { kind: "status-after-commit", status: 200, body: {} }],
    ["Cloudflare's page", { kind: "status-before", status: 403, body: "<html>Banned</html>" }],
    ["Cloudflare's limit", { kind: "status-before", status: 429, body: "<html>Slow</html>" }],
    ["a limit of an hour", { kind: "rate-limit", ms: 3_600_000 }],
  ] as const)("throws on %s, and makes one message of the next attempts", async (_, fault) => {
    const { discord, outlet, question, place } = await setUp();
    discord.faults.add({ ...fault, match: REQUESTS.sends });
    const part = partFor(question, { content: "words of the answer" });

    const failed = await outlet.send(place, part, forEver).catch((error: unknown) => error);
    discord.faults.clear();
    const again = outletOn(discord);
    const sent = await again.send(place, part, forEver);

    expect(failed).toBeInstanceOf(Error);
    expect(JSON.stringify(allOf(failed))).not.toMatch(/words of the answer|fake-token/);
    expect(sent.kind).toBe("sent");
    expect(discord.general.fromBot()).toHaveLength(1);
  });

  test("waits out a limit of a moment by itself", async () => {
    const { discord, outlet, question, place } = await setUp();
    discord.faults.add({ kind: "rate-limit", ms: 50, match: REQUESTS.sends });

    const sent = await outlet.send(place, partFor(question), forEver);

    expect(sent.kind).toBe("sent");
  });
});

describe("a place where nothing can be said", () => {
  test("is told apart from an outage: no access, no permission, closed DM, no channel, locked thread", async () => {
    const { discord, outlet, question, place } = await setUp();
    const refusing = async (room = place) => outlet.send(room, partFor(question), forEver);
    const hidden = discord.guild.channel("hidden");
    hidden.deny(discord.guild.everyone, "ViewChannel");
    const muted = discord.guild.channel("muted");
    muted.deny(discord.guild.everyone, "SendMessages");
    const dm = discord.ana.dmPlace();
    discord.ana.closesDms();
    const gone = discord.guild.channel("gone");
    gone.delete();
    const thread = await discord.ana.opensThread(question, "thread");
    thread.archive({ locked: true });

    const reasons = [hidden, muted, dm, gone, thread].map(async (room) =>
      refusing(conversationIn(room)),
    );

    expect(await Promise.all(reasons)).toEqual(
      [50_001, 50_013, 50_007, 10_003, 50_083].map((code) => ({
        kind: "undeliverable",
        reason: `discord-${code}`,
      })),
    );
  });
});

describe("edit()", () => {
  test("takes the Stop button and the veil over previews away with the final words", async () => {
    const { discord, outlet, question, place, passed } = await setUp();
    const half = partFor(question, { content: "Half", running: true });
    const id = idOf(await outlet.send(place, half, forEver));
    passed.length = 0;
    const whole = partFor(question, { content: "Whole https://example.com @everyone" });

    const edited = await outlet.edit(place, id, whole, forEver);

    const [message] = discord.general.fromBot();
    expect(edited).toEqual({ kind: "sent", messageId: id, content: whole.content });
    expect(message).toMatchObject({ content: whole.content, buttons: [], flags: 0, edits: 1 });
    expect(message?.mentionsEveryone).toBe(false);
    expect(discord.unfurled).toMatchObject([{ url: "https://example.com" }]);
    expect(passed).toEqual(["outbox.edit.before", "outbox.edit.after"]);
  });

  test("leaves exactly the file that it names, however often it is repeated", async () => {
    const { discord, outlet, question, place } = await setUp();
    const id = idOf(await outlet.send(place, partFor(question), forEver));
    const withFile = partFor(question, { file: { name: "answer.md", text: "all" } });

    await outlet.edit(place, id, withFile, forEver);
    await outlet.edit(place, id, withFile, forEver);
    const twice = discord.general.fromBot()[0]?.files.length;
    await outlet.edit(place, id, partFor(question), forEver);

    expect(twice).toBe(1);
    expect(discord.general.fromBot()[0]?.files).toEqual([]);
  });

  test("says that the message is gone", async () => {
    const { discord, outlet, question, place } = await setUp();
    const id = idOf(await outlet.send(place, partFor(question), forEver));
    await outlet.remove(place, id, forEver);

    expect(await outlet.edit(place, id, partFor(question), forEver)).toEqual({ kind: "gone" });
    expect(discord.general.fromBot()).toEqual([]);
  });

  test("opens a thread that was archived meanwhile, unless it is locked", async () => {
    const { discord, outlet, question } = await setUp();
    const thread = await discord.ana.opensThread(question, "thread");
    const place = conversationIn(thread);
    const id = idOf(await outlet.send(place, partFor(question), forEver));
    thread.archive();

    const opened = await outlet.edit(place, id, partFor(question, { content: "new" }), forEver);
    thread.archive({ locked: true });
    const locked = await outlet.edit(place, id, partFor(question, { content: "newer" }), forEver);

    expect(opened.kind).toBe("sent");
    expect(locked).toEqual({ kind: "undeliverable", reason: "discord-50083" });
    expect(contents(thread.fromBot())).toEqual(["new"]);
  });

  test("that was given up on the wire cannot overtake a newer one", async () => {
    const { discord, outlet, question, place } = await setUp({ rateLimits: "discord" });
    const id = idOf(await outlet.send(place, partFor(question), forEver));
    const random = discord.guild.channel("random");
    const other = await discord.ben.says("Another question", { in: random });
    const otherId = idOf(await outlet.send(conversationIn(random), partFor(other), forEver));
    discord.faults.add({ kind: "slow", ms: 200, match: REQUESTS.edits });
    const stop = new AbortController();
    const stale = outlet.edit(place, id, partFor(question, { content: "stale" }), stop.signal);
    await discord.until(() => discord.journal.counts().messageEdits === 1, "the stale edit");
    // From this answer discord.js learns the bucket's name, and begins a second queue for it.
    await outlet.edit(conversationIn(random), otherId, partFor(other), forEver);

    stop.abort(new Error("closed"));
    await expect(stale).rejects.toThrow("closed");
    await outlet.edit(place, id, partFor(question, { content: "final" }), forEver);

    const versions = discord.general.fromBot()[0]?.versions.map(({ content }) => content);
    expect(versions).toEqual(["An answer.", "stale", "final"]);
  });

  test("that was given up in the queue never happens", async () => {
    const route = "PATCH /channels/:channelId/messages/:messageId";
    const { discord, outlet, question, place } = await setUp({
      rateLimits: { [route]: { count: 1, perMs: 500 } },
    });
    const id = idOf(await outlet.send(place, partFor(question), forEver));
    const edit = (content: string, signal = forEver) =>
      outlet.edit(place, id, partFor(question, { content }), signal);
    await edit("first");
    const stop = new AbortController();
    const stale = edit("stale", stop.signal);

    stop.abort(new Error("closed"));
    await expect(stale).rejects.toThrow("closed");
    await edit("final");

    const versions = discord.general.fromBot()[0]?.versions.map(({ content }) => content);
    expect(versions).toEqual(["An answer.", "first", "final"]);
  });
});

describe("remove()", () => {
  test("resolves when the message, or its whole place, was gone before", async () => {
    const { discord, outlet, question, place } = await setUp();
    const id = idOf(await outlet.send(place, partFor(question), forEver));

    await outlet.remove(place, id, forEver);
    await outlet.remove(place, id, forEver);
    discord.general.delete();
    await outlet.remove(place, id, forEver);

    expect(discord.messages().filter(({ author }) => author === discord.bot)).toEqual([]);
  });
});

describe("find()", () => {
  test("knows our reply to the question among everybody's messages", async () => {
    const { discord, outlet, question, place } = await setUp();
    const other = await discord.ben.says("Another question");
    await outlet.send(place, partFor(other), forEver);
    await discord.ben.says("me, too", { replyTo: question });
    const id = idOf(await outlet.send(place, partFor(question), forEver));

    expect(await outlet.find(place, partFor(question), [], forEver)).toBe(id);
  });

  test("leaves out messages that are known to be other parts", async () => {
    const { outlet, question, place } = await setUp();
    const notice = partFor(question, { part: -1, nonce: "notice" });
    const noticeId = idOf(await outlet.send(place, notice, forEver));
    const none = await outlet.find(place, partFor(question), [noticeId], forEver);

    const id = idOf(await outlet.send(place, partFor(question), forEver));

    expect(none).toBeNull();
    expect(await outlet.find(place, partFor(question), [noticeId], forEver)).toBe(id);
  });

  test("knows a later part by the part before", async () => {
    const { outlet, question, place } = await setUp();
    const first = idOf(await outlet.send(place, partFor(question), forEver));
    const second = partFor(question, { part: 1, nonce: "n1", replyTo: null, follows: first });
    const id = idOf(await outlet.send(place, second, forEver));

    expect(await outlet.find(place, second, [], forEver)).toBe(id);
    expect(await outlet.find(place, { ...second, part: 2, follows: id }, [], forEver)).toBeNull();
    expect(await outlet.find(place, { ...second, follows: null }, [], forEver)).toBeNull();
  });

  test("knows a growing answer to a question that is gone by its Stop button", async () => {
    const { discord, outlet, question, place } = await setUp();
    await discord.ana.deletes(question);
    const half = partFor(question, { running: true });
    const id = idOf(await outlet.send(place, half, forEver));

    expect(await outlet.find(place, half, [], forEver)).toBe(id);
  });

  test("finds nothing where nothing can be read", async () => {
    const { discord, outlet, question, place } = await setUp();
    await outlet.send(place, partFor(question), forEver);
    discord.general.deny(discord.guild.everyone, "ViewChannel");

    expect(await outlet.find(place, partFor(question), [], forEver)).toBeNull();
  });
});

/** Everything that a logger could write of an error. */
function allOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  return Object.assign({}, error, { name, message, stack, cause: allOf(cause) });
}
