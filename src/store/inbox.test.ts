import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import {
  accept,
  ask,
  hear,
  newChannel,
  newDm,
  newName,
  scopeOfMessage,
  start,
} from "../../test/talk.ts";
import { turnIdOf } from "../core/ids.ts";
import { ScopeError } from "../core/principal.ts";

describeStore("inbox", (open) => {
  const store = share(open);

  test("a message is taken once, however often and at once it comes", async () => {
    const message = newChannel().message("ana", "hello");

    const accepted = await Promise.all(Array.from({ length: 20 }, () => accept(store(), message)));

    expect(accepted.filter(({ kind }) => kind === "queued")).toHaveLength(1);
    expect(accepted.filter(({ kind }) => kind === "known")).toHaveLength(19);
    const jobs = await store().query("select from pgboss.job where data->>'turnId' = $1", [
      turnIdOf(message.id),
    ]);
    expect(jobs).toHaveLength(1);
  });

  test("a message that was only heard can be answered later", async () => {
    const message = newChannel().message("ana", "hello");

    await hear(store(), message);

    expect(await accept(store(), message)).toMatchObject({ kind: "queued", ahead: 0 });
  });

  test("a message that was deleted is not answered any more", async () => {
    const message = newChannel().message("ana", "hello");

    await hear(store(), message);
    await store().inbox.forget([message.id]);

    expect(await accept(store(), message)).toEqual({ kind: "known" });
  });

  test("a person with too many open turns gets no more, until one has ended, and others do", async () => {
    const [place, other] = [newChannel(), newChannel()];
    const name = newName("ana");
    const take = (text: string, who = name, where = place) =>
      accept(store(), where.message(who, text), { maxOpen: 2 });

    const first = await take("one");
    await take("two", name, other);
    const third = place.message(name, "three");

    expect(await accept(store(), third, { maxOpen: 2 })).toEqual({ kind: "full" });
    expect(await take("me too", newName("ana"))).toMatchObject({ kind: "queued" });
    await store().query("update turns set state = 'done' where id = $1", [
      first.kind === "queued" ? first.turnId : "",
    ]);
    expect(await take("four")).toMatchObject({ kind: "queued" });
    expect(await store().query("select text from messages where id = $1", [third.id])).toEqual([
      { text: "three" },
    ]);
  });

  test("accept() counts the open turns before it and plans the notice with its turn", async () => {
    const place = newChannel();
    await ask(store(), place.message("ana", "one"));
    await ask(store(), place.message("ben", "two"));
    const third = place.message("cleo", "three");

    const accepted = await accept(store(), third, {}, (ahead) => `${ahead} before you\0`);

    expect(accepted).toMatchObject({
      kind: "queued",
      ahead: 2,
      notice: { part: -1, content: "2 before you\ufffd", state: "open", messageId: null },
    });
    const parts = await store().query("select part, content from outbox where turn_id = $1", [
      turnIdOf(third.id),
    ]);
    expect(parts).toEqual([{ part: -1, content: "2 before you\ufffd" }]);
  });

  test("the first in a conversation gets no notice, whoever waits elsewhere", async () => {
    await ask(store(), newChannel().message("ana", "elsewhere"));

    const accepted = await accept(store(), newChannel().message("ana", "here"), {}, () => "wait");

    expect(accepted).toMatchObject({ kind: "queued", ahead: 0, notice: null });
  });

  test("many who speak at once in one conversation are each told another number of turns ahead", async () => {
    const place = newChannel();
    const messages = Array.from({ length: 10 }, (_, index) => place.message(`p${index}`, "hi"));

    const accepted = await Promise.all(messages.map((message) => accept(store(), message)));

    const ahead = accepted.map((each) => (each.kind === "queued" ? each.ahead : null));
    expect(ahead.toSorted((a, b) => Number(a) - Number(b))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("a watermark only grows", async () => {
    const place = newChannel();
    const [older, newer] = [place.message("ana", "older"), place.message("ana", "newer")];
    const watermark = async () => {
      const all = await store().inbox.watermarks("discord");
      return all.find(({ conversation: { id } }) => id === place.conversation.id);
    };

    await hear(store(), newer);
    await accept(store(), older);

    expect(await watermark()).toEqual({ conversation: place.conversation, messageId: newer.id });
  });

  test("the watermark of a batch is its newest message, in whatever order it comes", async () => {
    const place = newChannel();
    const [older, newer] = [place.message("ana", "older"), place.message("ana", "newer")];

    await hear(store(), newer, older);

    expect(await store().inbox.watermarks("discord")).toContainEqual({
      conversation: place.conversation,
      messageId: newer.id,
    });
    expect(await store().inbox.watermarks("web")).toEqual([]);
  });

  test("a message is stored in the scope of its author and its place only", async () => {
    const place = newChannel();
    const message = place.message("ana", "mine");
    const { audience } = place.conversation;
    const foreign = [
      place.scope("ben"),
      { ...place.scope("ana"), audience: newChannel().conversation.audience },
      newChannel(place.conversation.guildId ?? undefined).scope("ana"),
      { principal: place.scope("ana", { guildId: null }).principal, audience },
    ];

    for (const scope of foreign) {
      await expect(
        store().inbox.accept(scope, message, { trigger: "mention", tier: null }, () => null),
      ).rejects.toThrow(ScopeError);
      await expect(store().inbox.hear([{ scope, message }])).rejects.toThrow(ScopeError);
    }
    expect(await store().query("select from messages where id = $1", [message.id])).toEqual([]);
  });

  test("NUL and halves of characters in texts, names and titles become a mark", async () => {
    const place = newChannel();
    const said = place.message("ana", "a\0b\ud800c\\u0000 😀", {
      conversation: { ...place.conversation, title: "#\0\udc00" },
      author: { ...place.scope("ana").principal, displayName: "A\0\ud800" },
    });

    await hear(store(), said);

    const [line] = await store().transcript.recent(scopeOfMessage(said), said.conversation.id, {
      limit: 1,
      upTo: null,
      after: null,
    });
    expect(line).toMatchObject({
      text: "a\ufffdb\ufffdc\\u0000 😀",
      authorName: "A\ufffd\ufffd",
    });
    const [stored] = await store().query("select title from conversations where id = $1", [
      place.conversation.id,
    ]);
    expect(stored).toEqual({ title: "#\ufffd\ufffd" });
  });

  test("two thousand messages are heard at once, with people and places in them many times", async () => {
    const places = [newChannel(), newChannel()];
    const messages = Array.from({ length: 1_000 }, (_, index) =>
      places.map((place) => place.message(`speaker-${index % 7}`, `line ${index}`)),
    ).flat();

    await hear(store(), ...messages, ...messages.slice(0, 10));

    const counts = await store().query(
      "select count(*)::int, count(distinct author_id)::int as people from messages where conversation_id = any($1) group by conversation_id",
      [places.map(({ conversation }) => conversation.id)],
    );
    expect(counts).toEqual([
      { count: 1_000, people: 7 },
      { count: 1_000, people: 7 },
    ]);
  });

  test("attachments, replies and bots are kept as they are", async () => {
    const place = newChannel();
    const attachments = [
      { id: "1", name: "a\0.png", contentType: null, sizeBytes: 5, url: "https://x/a.png" },
    ];
    const first = place.message("ana", "look", { attachments });
    const second = place.message("robot", "seen", { replyTo: first.id, authorIsBot: true });

    await hear(store(), first, second);

    const lines = await store().transcript.recent(place.scope("ana"), place.conversation.id, {
      limit: 10,
      upTo: null,
      after: null,
    });
    expect(lines).toMatchObject([
      { id: first.id, role: "person", attachments: [{ ...attachments[0], name: "a\ufffd.png" }] },
      { id: second.id, role: "bot", replyTo: first.id, attachments: [] },
    ]);
    expect(lines[0]?.sentAt).toEqual(first.sentAt);
  });

  test("a text of two megabytes is taken, kept and searched", async () => {
    const place = newChannel();
    const text = `${"long words, ".repeat(175_000)}needle`;
    const message = place.message("ana", text);

    await ask(store(), message);

    const found = await store().transcript.search(place.scope("ana"), place.conversation.id, {
      words: "needle",
      from: null,
      limit: 1,
    });
    expect(found[0]?.text).toBe(text);
  });

  test("a person is shown by the name of today, and each line by the name of its time", async () => {
    const place = newDm(newName("ana"));
    const name = place.conversation.title;
    const { principal } = place.scope(name);
    const early = place.message(name, "one", { author: { ...principal, displayName: "Ana" } });
    const late = place.message(name, "two", { author: { ...principal, displayName: "Anna" } });

    await hear(store(), early, late);

    const people = await store().query("select display_name from people where id = $1", [
      principal.userId,
    ]);
    expect(people).toEqual([{ display_name: "Anna" }]);
    const lines = await store().transcript.recent(place.scope(name), place.conversation.id, {
      limit: 10,
      upTo: null,
      after: null,
    });
    expect(lines.map(({ authorName }) => authorName)).toEqual(["Ana", "Anna"]);
  });

  test("a claimed turn knows who asked, where and with which rights", async () => {
    const place = newChannel();
    const author = place.scope("ana", { roleIds: ["1", "2"], permissions: 2n ** 60n }).principal;
    const message = place.message("ana", "hello", { author });

    const { claim } = await start(store(), await ask(store(), message, { tier: "high" }));

    expect(claim.turn).toMatchObject({
      conversation: place.conversation,
      scope: { principal: author, audience: place.conversation.audience },
      triggerId: message.id,
      trigger: "mention",
      tier: "high",
      revision: 0,
      generation: 1,
    });
  });
});

describeStore("accept(), when it breaks half-way,", (open) => {
  const broken = { at: "" };
  const store = share(() =>
    open({
      fault: (point) => {
        if (point === broken.at) throw new Error("broken");
      },
    }),
  );
  beforeEach(() => {
    broken.at = "";
  });
  afterEach(() => {
    broken.at = "";
  });

  describe("before its transaction is committed", () => {
    test("keeps nothing, and takes the message when it comes again", async () => {
      const message = newChannel().message("ana", "hello");
      broken.at = "gateway.inbox.tx.inserted";
      await expect(accept(store(), message)).rejects.toThrow("broken");
      expect(await store().query("select from messages where id = $1", [message.id])).toEqual([]);

      broken.at = "";
      expect(await accept(store(), message)).toMatchObject({ kind: "queued", ahead: 0 });
    });
  });

  describe("after its transaction was committed", () => {
    test("has taken the message", async () => {
      const message = newChannel().message("ana", "hello");
      broken.at = "gateway.inbox.tx.committed";
      await expect(accept(store(), message)).rejects.toThrow("broken");

      broken.at = "";
      expect(await accept(store(), message)).toEqual({ kind: "known" });
      expect(await start(store(), turnIdOf(message.id))).toMatchObject({
        lease: { generation: 1 },
      });
    });
  });
});
