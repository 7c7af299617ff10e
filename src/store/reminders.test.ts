import { describe, expect, test } from "vitest";
import { describeStore, share, type TestStore } from "../../test/open-test-store.ts";
import { newChannel, newDm, newId, newName, type Place } from "../../test/talk.ts";
import { MAX_OPEN_REMINDERS, type DueReminder, type NewReminder } from "../core/reminders.ts";
import { ScopeError, type Scope } from "../core/principal.ts";

const NOW = new Date("2026-03-28T10:00:00Z");
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

const wanted = (place: Place, change: Partial<NewReminder> = {}): NewReminder => ({
  place: place.conversation,
  to: "here",
  text: "tea",
  dueAt: later(10),
  repeat: null,
  times: 1,
  zone: "UTC",
  ...change,
});

async function add(store: TestStore, scope: Scope, reminder: NewReminder) {
  const added = await store.reminders.add(scope, reminder);
  if (added.kind !== "added") throw new Error(added.kind);
  return added.reminder;
}

async function takeOf(store: TestStore, id: number, now: Date): Promise<DueReminder | undefined> {
  const taken = await store.reminderQueue.take(now, 1_000);
  return taken.find((each) => each.id === id);
}

function scene() {
  const [place, ana, ben] = [newChannel(), newName("ana"), newName("ben")];
  return { place, ana, ben, scope: place.scope(ana) };
}

async function told(store: TestStore, { place, ana }: ReturnType<typeof scene>) {
  const reminder = await add(store, place.scope(ana), wanted(place));
  const due = await takeOf(store, reminder.id, later(10));
  if (!due) throw new Error("not due");
  const said = { place: place.conversation, messageId: newId(), text: "⏰ tea" };
  await store.reminderQueue.settle(due, said, null);
  return { reminder, due };
}

describeStore("Reminders", (open) => {
  const store = share(open);

  describe("of a person", () => {
    test("are seen where they were set, and all of them in private", async () => {
      const { place, ana, scope } = scene();
      const { id } = await add(store(), scope, wanted(place));
      const dm = newDm(ana);
      const secret = await add(store(), dm.scope(ana), wanted(dm, { text: "secret" }));

      const here = await store().reminders.list(scope);
      const inPrivate = await store().reminders.list(dm.scope(ana));

      expect(here.map((each) => each.id)).toEqual([id]);
      expect(new Set(inPrivate.map((each) => each.id))).toEqual(new Set([id, secret.id]));
    });

    test("are nobody else's to see, to cancel or to put off", async () => {
      const scened = scene();
      const { place, ben } = scened;
      const { reminder, due } = await told(store(), scened);
      const next = { dueAt: later(20), repeat: null, times: 1 };
      const { reminders } = store();

      expect(await reminders.list(place.scope(ben))).toEqual([]);
      expect(await reminders.one(place.scope(ben), reminder.id)).toBeNull();
      expect(await reminders.cancel(place.scope(ben), reminder.id)).toBeNull();
      expect(await reminders.done(place.scope(ben), reminder.id, due.dueAt)).toEqual({
        kind: "unknown",
      });
      expect(await reminders.again(place.scope(ben), reminder.id, due.dueAt, next)).toEqual({
        kind: "unknown",
      });
    });

    test("are at most so many, also when they are set at once", async () => {
      const { place, scope } = scene();
      const many = Array.from({ length: MAX_OPEN_REMINDERS + 5 }, () =>
        store().reminders.add(scope, wanted(place)),
      );

      const kinds = (await Promise.all(many)).map(({ kind }) => kind);

      expect(kinds.filter((kind) => kind === "added")).toHaveLength(MAX_OPEN_REMINDERS);
    });

    test("are set in the scope of their place only", async () => {
      const { place, ana } = scene();

      const setting = store().reminders.add(newChannel().scope(ana), wanted(place));

      await expect(setting).rejects.toThrow(ScopeError);
    });

    test("keep NUL and half characters out of the database", async () => {
      const { place, scope } = scene();

      const { text } = await add(store(), scope, wanted(place, { text: "a\0b\ud800" }));

      expect(text).toBe("a\ufffdb\ufffd");
    });
  });

  describe("that are due", () => {
    test("are given to one worker, and not before their time", async () => {
      const { place, scope } = scene();
      const { id } = await add(store(), scope, wanted(place));

      expect(await takeOf(store(), id, new Date(later(10).getTime() - 1))).toBeUndefined();
      expect(await takeOf(store(), id, later(10))).toMatchObject({ tries: 1 });
      expect(await takeOf(store(), id, later(11))).toBeUndefined();
    });

    test("are given to one of two that ask at once", async () => {
      const { place, scope } = scene();
      const { id } = await add(store(), scope, wanted(place));

      const both = await Promise.all([
        takeOf(store(), id, later(10)),
        takeOf(store(), id, later(10)),
      ]);

      expect(both.filter((each) => each !== undefined)).toHaveLength(1);
    });

    test("are told once: an older hand on them settles nothing", async () => {
      const { place, scope } = scene();
      const { id } = await add(store(), scope, wanted(place));
      const first = await takeOf(store(), id, later(10));
      if (!first) throw new Error("not due");
      await store().reminderQueue.release(first, 0);
      const second = await takeOf(store(), id, later(10));
      const said = { place: place.conversation, messageId: newId(), text: "x" };

      expect(second).toMatchObject({ tries: 2 });
      expect(await store().reminderQueue.settle(first, said, null)).toBe(false);
      expect(await store().reminderQueue.settle(second ?? first, said, null)).toBe(true);
    });

    test("stand in the transcript of their place when they were said", async () => {
      const scened = scene();
      await told(store(), scened);
      const { place, scope } = scened;

      const lines = await store().transcript.recent(scope, place.conversation.id, {
        limit: 5,
        upTo: null,
        after: null,
      });

      expect(lines).toMatchObject([{ role: "clara", text: "⏰ tea" }]);
    });

    test("come again when there is a next time", async () => {
      const { place, scope } = scene();
      const { id } = await add(store(), scope, wanted(place, { times: 3 }));
      const due = await takeOf(store(), id, later(10));
      if (!due) throw new Error("not due");
      const said = { place: place.conversation, messageId: newId(), text: "x" };

      await store().reminderQueue.settle(due, said, { dueAt: later(20), timesLeft: 2 });

      expect(await store().reminders.one(scope, id)).toMatchObject({
        state: "open",
        dueAt: later(20),
        timesLeft: 2,
      });
      expect(await takeOf(store(), id, later(19))).toBeUndefined();
      expect(await takeOf(store(), id, later(20))).toMatchObject({ tries: 1 });
    });

    test("that cannot be delivered stay in the list", async () => {
      const { place, scope } = scene();
      const { id } = await add(store(), scope, wanted(place));
      const due = await takeOf(store(), id, later(10));
      if (!due) throw new Error("not due");

      await store().reminderQueue.giveUp(due);

      expect(await store().reminders.list(scope)).toMatchObject([{ id, state: "undeliverable" }]);
    });

    test("are told of by nextDue()", async () => {
      const { place, scope } = scene();
      const soon = new Date("2001-01-01T00:00:00Z");
      const { id } = await add(store(), scope, wanted(place, { dueAt: soon }));

      expect(await store().reminderQueue.nextDue()).toEqual(soon);

      await store().reminders.cancel(scope, id);
      expect(await store().reminderQueue.nextDue()).not.toEqual(soon);
    });
  });

  describe("that were told", () => {
    test("are put off once, however often it is pressed", async () => {
      const scened = scene();
      const { reminder, due } = await told(store(), scened);
      const next = { dueAt: later(20), repeat: null, times: 1 };
      const put = () => store().reminders.again(scened.scope, reminder.id, due.dueAt, next);

      const kinds = (await Promise.all([put(), put(), put()])).map(({ kind }) => kind);

      expect(kinds.toSorted()).toEqual(["already", "already", "done"]);
      expect(await store().reminders.list(scened.scope)).toMatchObject([
        { text: "tea", dueAt: later(20) },
      ]);
    });

    test("are done once", async () => {
      const scened = scene();
      const { reminder, due } = await told(store(), scened);
      const { reminders } = store();

      expect(await reminders.done(scened.scope, reminder.id, due.dueAt)).toMatchObject({
        kind: "done",
      });
      expect(await reminders.done(scened.scope, reminder.id, due.dueAt)).toEqual({
        kind: "already",
      });
    });

    test("are put off in private with the audience that they had", async () => {
      const scened = scene();
      const { reminder, due } = await told(store(), scened);
      const dm = newDm(scened.ana).scope(scened.ana);
      const next = { dueAt: later(20), repeat: null, times: 1 };

      await store().reminders.again(dm, reminder.id, due.dueAt, next);

      expect(await store().reminders.list(scened.scope)).toHaveLength(1);
    });
  });
});
