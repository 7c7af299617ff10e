import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { accept, answered, ask, newChannel, start } from "../../test/talk.ts";
import type { RenderedPart } from "../core/outlet.ts";
import { NOTICE_PART } from "../core/turn.ts";

const part = (content: string): RenderedPart => ({ content, file: null });

describeStore("outbox", (open) => {
  const store = share(open);
  const begin = async () => {
    const place = newChannel();
    const question = place.message("ana", "hello");
    return { place, question, ...(await start(store(), await ask(store(), question))) };
  };
  /** The turn once more, as after an edit. */
  const again = async ({ place, question, job }: Awaited<ReturnType<typeof begin>>) => {
    await store().inbox.revise(place.scope("ana"), question.id, `${question.text} again`);
    await store().queue.drop(job);
    return start(store(), `turn:${question.id}` as never);
  };

  test("a part keeps its nonce of 22 characters, however often it is opened and planned", async () => {
    const { lease } = await begin();

    const opened = await store().outbox.open(lease, 0, "Hel\0");
    const grown = await store().outbox.open(lease, 0, "Hello");
    const [planned] = await store().outbox.plan(lease, [part("Hello!")], answered("Hello!"));

    expect(opened).toMatchObject({ part: 0, content: "Hel\ufffd", state: "open", messageId: null });
    expect(opened.nonce).toMatch(/^[\w-]{22}$/);
    expect(opened.ageMs).toBeLessThan(5_000);
    expect([grown.nonce, planned?.nonce]).toEqual([opened.nonce, opened.nonce]);
    expect(planned).toMatchObject({ content: "Hello!", state: "planned" });
  });

  test("no two parts have the same nonce, within a turn or across turns", async () => {
    const [one, two] = [await begin(), await begin()];
    const parts = Array.from({ length: 10 }, (_, index) => part(`${index}`));

    const rows = [
      ...(await store().outbox.plan(one.lease, parts, answered("x"))),
      ...(await store().outbox.plan(two.lease, parts, answered("x"))),
    ];

    expect(new Set(rows.map(({ nonce }) => nonce)).size).toBe(20);
  });

  test("plan() gives all parts in order: the wanted ones planned, those beyond surplus", async () => {
    const { lease } = await begin();
    await store().outbox.open(lease, 0, "a");
    await store().outbox.open(lease, 1, "b");
    await store().outbox.open(lease, 2, "c");
    await store().outbox.sent(lease.turnId, 2, "m2");

    const rows = await store().outbox.plan(lease, [part("A"), part("B")], answered("AB"));

    expect(rows).toMatchObject([
      { part: 0, state: "planned", content: "A" },
      { part: 1, state: "planned", content: "B" },
      { part: 2, state: "surplus", messageId: "m2" },
    ]);
  });

  test("a plan of nothing makes everything surplus", async () => {
    const { lease } = await begin();
    await store().outbox.open(lease, 0, "half");

    expect(await store().outbox.plan(lease, [], answered(null))).toMatchObject([
      { part: 0, state: "surplus" },
    ]);
  });

  test("a notice that is still there is surplus once the answer is planned", async () => {
    const place = newChannel();
    const first = await start(store(), await ask(store(), place.message("ana", "one")));
    const second = place.message("ben", "two");
    await accept(store(), second, {}, () => "Please wait");
    await store().turns.finish(first.lease, first.job, answered("1"));
    const { lease, claim } = await start(store(), `turn:${second.id}` as never);
    expect(claim.parts).toMatchObject([{ part: NOTICE_PART, content: "Please wait" }]);

    const rows = await store().outbox.plan(lease, [part("2")], answered("2"));

    expect(rows).toMatchObject([
      { part: NOTICE_PART, state: "surplus" },
      { part: 0, state: "planned" },
    ]);
  });

  test("a notice can be settled as removed before anything is planned", async () => {
    const place = newChannel();
    const first = await start(store(), await ask(store(), place.message("ana", "one")));
    const second = place.message("ben", "two");
    await accept(store(), second, {}, () => "Please wait");
    await store().turns.finish(first.lease, first.job, answered("1"));
    const { lease } = await start(store(), `turn:${second.id}` as never);

    await store().outbox.settle(lease, NOTICE_PART, "removed", null);

    expect(await store().outbox.sent(lease.turnId, NOTICE_PART, "late")).toBe(false);
    expect(await store().outbox.plan(lease, [part("2")], answered("2"))).toHaveLength(1);
  });

  test("a part that was removed and is needed again gets a new nonce and no id", async () => {
    const first = await begin();
    const [, old] = await store().outbox.plan(first.lease, [part("a"), part("b")], answered("ab"));
    await store().outbox.settle(first.lease, 0, "done", "m0");
    await store().outbox.settle(first.lease, 1, "done", "m1");
    const second = await again(first);
    await store().outbox.plan(second.lease, [part("a")], answered("a"));
    await store().outbox.settle(second.lease, 1, "removed", null);
    await store().outbox.settle(second.lease, 0, "done", null);

    const third = await again({ ...first, ...second, question: { ...first.question, text: "3" } });
    expect(third.claim.parts).toMatchObject([{ part: 0, messageId: "m0" }]);
    const [kept, fresh] = await store().outbox.plan(
      third.lease,
      [part("a"), part("c")],
      answered("ac"),
    );

    expect(kept).toMatchObject({ messageId: "m0" });
    expect(fresh).toMatchObject({ part: 1, content: "c", messageId: null });
    expect(fresh?.nonce).toMatch(/^[\w-]{22}$/);
    expect(fresh?.nonce).not.toBe(old?.nonce);
  });

  test("sent() and settle() keep an id that is known when none is told", async () => {
    const { lease, job } = await begin();
    await store().outbox.plan(lease, [part("a")], answered("a"));

    expect(await store().outbox.sent(lease.turnId, 0, "m0")).toBe(true);
    expect(await store().outbox.sent(lease.turnId, 0, "m0")).toBe(true);
    await store().outbox.settle(lease, 0, "undeliverable", null);

    const claim = await store().turns.claim(job);
    expect(claim).toMatchObject({ parts: [{ state: "undeliverable", messageId: "m0" }] });
    expect(await store().outbox.sent(lease.turnId, 7, "m7")).toBe(false);
  });

  test("long answers, files and odd characters come back as they went in", async () => {
    const { lease } = await begin();
    const content = `${"😀 'quoted' \\ \" \u2028 ".repeat(20_000)}`;
    const file = { name: "all.md", text: content };

    const [row] = await store().outbox.plan(lease, [{ content, file }], answered(content));

    expect(row).toMatchObject({ content, file });
  });
});
