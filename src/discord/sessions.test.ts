import { describe, expect, onTestFinished, test } from "vitest";
import { type FakeDiscord, startFakeDiscord } from "../../test/fake-discord/index.ts";
import { goOnline } from "../../test/open-discord.ts";
import { openEmbeddedStore, type TestStore } from "../../test/open-test-store.ts";

async function start(): Promise<FakeDiscord> {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  return discord;
}

async function keep(): Promise<TestStore> {
  const store = await openEmbeddedStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  return store;
}

const questions = async (store: TestStore) =>
  (
    await store.query(
      "select text from turns join messages on messages.id = trigger_id order by seq",
    )
  ).map(({ text }) => text);

describe("within a session", () => {
  test("an event that comes twice is one turn", async () => {
    const discord = await start();
    const { witness, store } = await goOnline(discord);

    await discord.ana.says("@Clara once");
    discord.gateway.replay();
    await discord.ana.says("@Clara end");
    await witness.until("accept end (mention) queued");

    expect(witness.lines).toContain("accept once (mention) known");
    expect(await questions(store)).toEqual(["once", "end"]);
  });

  test("what Discord replays after a drop is taken once each, in order", async () => {
    const discord = await start();
    const { witness, store, passed } = await goOnline(discord);
    const asked = Array.from({ length: 200 }, (_, index) => `q${index}`);

    discord.gateway.drop();
    for (const text of asked) await discord.ana.says(`@Clara ${text}`);
    await witness.until("accept q199 (mention) queued");

    expect(await questions(store)).toEqual(asked);
    expect(passed).toContain("gateway.resumed");
    expect(discord.journal.counts()).toMatchObject({ identifies: 1, resumes: 1 });
  });

  test("a request to reconnect loses nothing", async () => {
    const discord = await start();
    const { witness, store } = await goOnline(discord);

    discord.gateway.reconnect();
    await discord.until(() => discord.gateway.sessionsNow()[0]?.connected === false, "the goodbye");
    await discord.ana.says("@Clara meanwhile");
    await witness.until("accept meanwhile (mention) queued");

    expect(await questions(store)).toEqual(["meanwhile"]);
  });
});

describe("with a new session", () => {
  test("after an invalid one, what was missed is answered before what is said now", async () => {
    const discord = await start();
    const { witness, store, passed } = await goOnline(discord);
    await discord.ana.says("@Clara before");
    await witness.until("accept before (mention) queued");

    discord.gateway.invalidSession(false);
    await discord.ana.says("@Clara missed");
    await discord.botIsOnline({ timeoutMs: 15_000 });
    await discord.ana.says("@Clara now");
    await witness.until("accept now (mention) queued");

    expect(await questions(store)).toEqual(["before", "missed", "now"]);
    expect(passed).toContain("gateway.invalid.session");
    expect(discord.journal.counts()).toMatchObject({ identifies: 2, resumes: 0 });
  });

  test("that begins while the database is away, all waits until it is back", async () => {
    const discord = await start();
    const { witness, store } = await goOnline(discord);
    await discord.ana.says("@Clara before");
    await witness.until("accept before (mention) queued");

    witness.isAway = true;
    discord.gateway.invalidSession(false);
    await discord.ana.says("@Clara missed");
    await witness.until("away watermarks");
    await discord.ana.says("@Clara now");
    witness.isAway = false;
    await witness.until("accept now (mention) queued");

    expect(await questions(store)).toEqual(["before", "missed", "now"]);
  });

  test("after a restart every place is read: channels, threads new and old, posts and DMs", async () => {
    const discord = await start();
    const store = await keep();
    const first = await goOnline(discord, {}, store);
    const question = await discord.ana.says("@Clara before");
    await discord.ana.dm("before, too");
    await first.witness.until("accept before, too (dm) queued");
    await first.witness.until("accept before (mention) queued");
    await first.stop();

    await discord.ana.says("@Clara in the channel");
    await discord.ana.dm("in private");
    const thread = await discord.ana.opensThread(question, "a thread");
    await discord.ben.says("@Clara in a thread", { in: thread });
    await discord.ben.says("@Clara in a new channel", { in: discord.guild.channel("new") });
    const again = await goOnline(discord, {}, store);
    await Promise.all(
      [
        "in the channel (mention)",
        "in private (dm)",
        "in a thread (mention)",
        "in a new channel (mention)",
      ].map((line) => again.witness.until(`accept ${line} queued`)),
    );

    expect(new Set(await questions(store)).size).toBe(6);
    expect(again.passed).toEqual(
      expect.arrayContaining([
        "gateway.backfill.page.read",
        "gateway.backfill.row.inserted",
        "gateway.backfill.watermark.saved",
      ]),
    );
  });

  test("the very first question survives a death before it was taken", async () => {
    const discord = await start();
    const store = await keep();
    const first = await goOnline(discord, {}, store);
    await expect.poll(() => store.notes.get("discord-since")).not.toBeNull();
    await first.stop();

    await discord.ana.says("@Clara first of all");
    const again = await goOnline(discord, {}, store);
    await again.witness.until("accept first of all (mention) queued");

    expect(await questions(store)).toEqual(["first of all"]);
  });

  test("nothing that was said before she came is answered", async () => {
    const discord = await start();
    await discord.ana.says("@Clara long ago", { in: discord.guild.channel("old") });
    const { witness } = await goOnline(discord);

    await discord.ana.says("@Clara now");
    await witness.until("accept now (mention) queued");

    expect(witness.lines).toEqual(["accept now (mention) queued"]);
  });

  test("roles are asked for, and who left or lost his role gets no answer", async () => {
    const discord = await start();
    const store = await keep();
    const role = discord.guild.role("Friend");
    const allowedRoles = new Set([role.id]);
    const friend = discord.guild.member("friend", { roles: [role] });
    const former = discord.guild.member("former", { roles: [role] });
    const first = await goOnline(discord, { allowedRoles }, store);
    await friend.says("@Clara before");
    await first.witness.until("accept before (mention) queued");
    await first.stop();

    await former.says("@Clara I am gone");
    await discord.ana.says("@Clara I am no friend");
    await friend.says("@Clara and I?");
    discord.guild.kick(former);
    const again = await goOnline(discord, { allowedRoles }, store);
    await again.witness.until("accept and I? (mention) queued");
    await again.stop();

    expect(await questions(store)).toEqual(["before", "and I?"]);
    const reasons = await store.query("select reason from gate_decisions order by id");
    expect(reasons).toEqual([{ reason: "not-a-member" }, { reason: "role-missing" }]);
  });

  test("of more than fifty missed questions the newest are answered, and she says so once", async () => {
    const discord = await start();
    const store = await keep();
    const first = await goOnline(discord, {}, store);
    await discord.ana.says("@Clara before");
    await first.witness.until("accept before (mention) queued");
    await first.stop();

    for (let index = 0; index < 130; index++) await discord.ana.says(`@Clara q${index}`);
    const again = await goOnline(discord, {}, store);
    await again.witness.until("accept q129 (mention) queued");
    const notice = await discord.general.waitFor(({ content }) => content.includes("missed a lot"));
    await again.stop();

    expect((await questions(store)).slice(1)).toEqual(
      Array.from({ length: 50 }, (_, index) => `q${index + 80}`),
    );
    expect(await store.query("select count(*)::int from messages where text like 'q%'")).toEqual([
      { count: 130 },
    ]);
    expect(notice.replyTo).toBeNull();
    expect(
      await store.query(
        "select count(*)::int from gate_decisions where reason = 'missed-too-many'",
      ),
    ).toEqual([{ count: 80 }]);
  });

  test("a stop phrase that was missed stops nothing", async () => {
    const discord = await start();
    const store = await keep();
    const first = await goOnline(discord, {}, store);
    await discord.ana.dm("before");
    await first.witness.until("accept before (dm) queued");
    await first.stop();

    await discord.ana.dm("never mind");
    const again = await goOnline(discord, {}, store);
    await again.witness.until("hear never mind");

    expect(await store.query("select cancel_reason from turns")).toEqual([{ cancel_reason: null }]);
  });

  test("a channel that is closed to her holds up no other", async () => {
    const discord = await start();
    const store = await keep();
    const secret = discord.guild.channel("secret");
    const first = await goOnline(discord, {}, store);
    await discord.ana.says("@Clara here", { in: secret });
    await discord.ana.says("@Clara there");
    await first.witness.until("accept here (mention) queued");
    await first.witness.until("accept there (mention) queued");
    await first.stop();

    await discord.ana.says("@Clara open?");
    await discord.ana.says("@Clara closed?", { in: secret });
    discord.faults.add({
      kind: "status-before",
      status: 403,
      body: { code: 50_001, message: "Missing Access" },
      match: { method: "GET", path: `/channels/${secret.id}/messages` },
      times: Number.POSITIVE_INFINITY,
    });
    const again = await goOnline(discord, {}, store);
    await again.witness.until("accept open? (mention) queued");
    await again.stop();

    expect(await questions(store)).not.toContain("closed?");
    expect(again.warnings).toEqual([]);
  });
});

describe("in threads", () => {
  test("the starter that a thread repeats is no second question", async () => {
    const discord = await start();
    const { witness, store } = await goOnline(discord);
    const question = await discord.ana.says("@Clara once");

    const thread = await discord.ana.opensThread(question, "about it");
    await discord.ana.says("@Clara within", { in: thread });
    await witness.until("accept within (mention) queued");

    expect(await questions(store)).toEqual(["once", "within"]);
  });

  test("one that Discord did not tell of is asked for", async () => {
    const discord = await start();
    const thread = await discord.ana.opensThread(discord.general, "old");
    thread.archive();
    const { witness, store } = await goOnline(discord);

    discord.gateway.gap(1); // The news that it woke up.
    await discord.ana.says("@Clara awake?", { in: thread });
    await witness.until("accept awake? (mention) queued");

    const [place] = await store.query("select kind, parent_id from conversations");
    expect(place).toEqual({ kind: "thread", parent_id: discord.general.id });
  });
});

describe("when the database is away", () => {
  test("nothing is lost, doubled or out of order once it is back, and typing is all that is seen", async () => {
    const discord = await start();
    const { witness, store } = await goOnline(discord);

    witness.isAway = true;
    await discord.ana.says("@Clara one");
    await discord.ben.says("aside");
    await discord.ana.says("@Clara two");
    await witness.until("away accept one");
    witness.isAway = false;
    await witness.until("accept two (mention) queued");

    expect(await questions(store)).toEqual(["one", "two"]);
    expect(discord.general.typingSince()).not.toEqual([]);
    expect(discord.general.fromBot().filter(({ replyTo }) => replyTo === null)).toEqual([]);
  });

  test("for long, the channel is read again from Discord", async () => {
    const discord = await start();
    const { witness, store, passed } = await goOnline(discord);
    const failures = () => witness.lines.filter((line) => line === "away accept one").length;

    witness.isAway = true;
    await discord.ana.says("@Clara one");
    await expect.poll(failures, { timeout: 15_000 }).toBe(5);
    await discord.ana.says("@Clara two");
    witness.isAway = false;
    await witness.until("accept two (mention) queued");

    expect(await questions(store)).toEqual(["one", "two"]);
    expect(passed).toContain("gateway.backfill.page.read");
  });
});
