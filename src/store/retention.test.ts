import { expect, test } from "vitest";
import { describeStore, share, type TestStore } from "../../test/open-test-store.ts";
import { EPISODE, FACT, lineOf } from "../../test/scope-catalogue.ts";
import { ask, converse, hear, newChannel, newDm, newName, type Place } from "../../test/talk.ts";
import type { Settings } from "../core/settings.ts";

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => ({ sentAt: new Date(Date.now() - days * DAY_MS) });

describeStore("retention", (open) => {
  const store = share(open);
  const keep = (place: Place, holder: "channel" | "guild", values: Partial<Settings>) =>
    store().settings.change(place.scope("mod"), place.conversation, holder, values);
  /** Says something that long ago. */
  async function said(place: Place, days: number, name = newName("ana")): Promise<string> {
    const message = place.message(name, `${days} days ago`, daysAgo(days));
    await hear(store(), message);
    return message.id;
  }
  /** Of these, the ones whose words are still there. */
  async function left(...ids: string[]): Promise<readonly unknown[]> {
    const text = "select id from messages where id = any($1) and text <> '' order by id";
    return (await store().query(text, [ids])).map(({ id }) => id);
  }

  test("what is older than its server keeps is forgotten, in its threads, too, and nothing else is", async () => {
    const [place, other, dm] = [newChannel(), newChannel(), newDm("ana")];
    const { guildId } = place.conversation;
    const thread = newChannel(guildId ?? undefined);
    const inThread = {
      ...thread,
      message: (...[name, text, change]: Parameters<Place["message"]>) =>
        thread.message(name, text, {
          ...change,
          conversation: {
            ...thread.conversation,
            kind: "thread",
            parentId: place.conversation.channelId,
          },
        }),
    };
    await keep(place, "channel", { retentionDays: 30 });
    const gone = [await said(place, 31), await said(place, 400), await said(inThread, 31)];
    const kept = [await said(place, 29), await said(other, 400), await said(dm, 400, "ana")];

    await store().retention.tidy();

    expect(await left(...gone, ...kept)).toEqual(kept.toSorted());
  });

  test("of a channel and its server the shorter counts, and by itself nothing is forgotten", async () => {
    const place = newChannel();
    const id = await said(place, 10);

    await store().retention.tidy();
    expect(await left(id)).toEqual([id]);
    await keep(place, "channel", { retentionDays: 60 });
    await keep(place, "guild", { retentionDays: 7 });
    await store().retention.tidy();

    expect(await left(id)).toEqual([]);
  });

  test("summaries and answers go with the words, open questions and memories stay", async () => {
    const place = newChannel();
    const name = newName("ana");
    const { inbox, transcript, memories, retention } = store();
    const old = place.message(name, "I like tea", daysAgo(40));
    const { turnId } = await converse(store(), old, "Noted: tea.");
    const open = place.message(name, "And now?", daysAgo(35));
    await ask({ inbox }, open);
    const scope = place.scope(name);
    await transcript.saveSummary(scope, place.conversation.id, {
      text: "tea",
      upTo: old.id,
      upToAt: old.sentAt,
    });
    await memories.learn(scope, [{ ...FACT, text: "Likes tea", sources: [old.id] }]);
    const talk = { ...EPISODE, summary: "They talked about tea" };
    const lines = [lineOf(old)];
    expect(await store().episodes.save(scope, place.conversation.id, { ...talk, lines })).toBe(
      true,
    );
    await keep(place, "guild", { retentionDays: 30 });

    await retention.tidy();

    expect(await store().episodes.shelf(scope)).toEqual([]);
    const look = (text: string) => store().query(text, [turnId]);
    expect(await wordsOf(store(), old.id)).toBe("");
    expect(await wordsOf(store(), open.id)).toBe("And now?");
    expect(await transcript.summary(scope, place.conversation.id)).toBeNull();
    expect(await look("select content from outbox where turn_id = $1")).toEqual([{ content: "" }]);
    expect(await look("select outcome ->> 'answer' as answer from turns where id = $1")).toEqual([
      { answer: null },
    ]);
    const learnt = () => store().query("select from memories where sources = $1", [[old.id]]);
    expect(await learnt()).toHaveLength(1);
    // Deleted in Discord by its author, it takes with it what was learnt from it, as it always does.
    await inbox.forget([old.id]);
    expect(await learnt()).toHaveLength(0);
  });

  test("goes in bounded steps, and the rest is for the next time", async () => {
    const place = newChannel();
    for (const days of [11, 12, 13, 14, 15]) await said(place, days);
    await keep(place, "guild", { retentionDays: 1 });

    const counts = [
      await store().retention.tidy({ batch: 1, batches: 2 }),
      await store().retention.tidy({ batch: 2, batches: 5 }),
      await store().retention.tidy(),
    ];

    expect(counts).toEqual([2, 3, 0]);
  });
});

async function wordsOf(store: TestStore, id: string): Promise<unknown> {
  const [row] = await store.query("select text from messages where id = $1", [id]);
  return row?.["text"];
}
