import { expect, test } from "vitest";
import { addAccount, beginFolder, judged } from "../../test/mail-rows.ts";
import { describeStore, share } from "../../test/open-test-store.ts";
import { newDm, newName } from "../../test/talk.ts";
import type { DueMailAlert } from "../core/mail-queue.ts";
import { FLOOD_ALERTS } from "../core/mail-queue.ts";
import { MAX_LOGIN_REFUSALS } from "../core/mail.ts";

const NOW = new Date("2026-06-01T00:00:00Z");
const LATER = new Date("2026-06-01T07:00:00Z");

describeStore("the mail queue", (open) => {
  const store = share(open);
  const account = async () => {
    const name = newName("ana");
    const scope = newDm(name).scope(name);
    return { scope, id: await addAccount(store(), scope) };
  };
  const due = async (accountId: number, now = NOW): Promise<readonly DueMailAlert[]> =>
    (await store().mailAlerts.take(now, 1_000)).filter((each) => each.account.id === accountId);

  test("a mail, its alert and the cursor are one; the same again changes nothing", async () => {
    const { id } = await account();
    const cursor = await beginFolder(store(), id);

    const first = await store().mailQueue.record(cursor, [judged(3), judged(5)], 5);
    const again = await store().mailQueue.record(cursor, [judged(3), judged(5)], 5);

    expect([first, again]).toEqual([true, false]);
    expect(await store().mailQueue.cursor(id, "INBOX")).toMatchObject({ lastUid: 5 });
    const alerts = await due(id);
    expect(alerts.map(({ mails }) => mails[0]?.uid)).toEqual([3, 5]);
    expect(await due(id)).toEqual([]);
  });

  test("what two record at once is told once", async () => {
    const { id } = await account();
    const cursor = await beginFolder(store(), id);

    const recorded = await Promise.all(
      [1, 2, 3, 4].map(() => store().mailQueue.record(cursor, [judged(1)], 1)),
    );

    expect(recorded.filter(Boolean)).toHaveLength(1);
    expect(await due(id)).toHaveLength(1);
  });

  test("an alert waits until it is due, and a told one is told once more when it is snoozed, once", async () => {
    const { id, scope } = await account();
    const cursor = await beginFolder(store(), id);
    await store().mailQueue.record(cursor, [judged(1, {}, { dueAt: LATER })], 1);
    expect(await due(id)).toEqual([]);
    const [alert] = await due(id, LATER);
    if (!alert) throw new Error("It is due");
    const said = { kind: "said", place: newDm("x").conversation, messageId: "77" } as const;
    await store().mailAlerts.settle(alert, said);
    const until = new Date(LATER.getTime() + 1_000);

    const snoozed = await Promise.all(
      [1, 2].map(() => store().mails.snooze(scope, alert.id, alert.dueAt, until)),
    );

    expect(snoozed.filter(Boolean)).toHaveLength(1);
    expect(await due(id, LATER)).toEqual([]);
    expect(await due(id, until)).toMatchObject([{ id: alert.id, dueAt: until }]);
  });

  test("what comes after many alerts comes in one digest, and none of it is lost", async () => {
    const { id } = await account();
    const cursor = await beginFolder(store(), id);
    const flood = Array.from({ length: FLOOD_ALERTS + 30 }, (_, index) => judged(index + 1));

    await store().mailQueue.record(cursor, flood, flood.length);

    const alerts = await due(id, LATER);
    const digest = alerts.find(({ kind }) => kind === "digest");
    expect(alerts.filter(({ kind }) => kind === "mail")).toHaveLength(FLOOD_ALERTS);
    expect(digest?.count).toBe(30);
  });

  test("what comes while a digest is being told comes with the next", async () => {
    const { id } = await account();
    const cursor = await beginFolder(store(), id);
    await store().mailQueue.record(cursor, [judged(1, {}, { action: "digest" })], 1);
    const [first] = await due(id);

    const moved = { ...cursor, lastUid: 1 };
    await store().mailQueue.record(moved, [judged(2, {}, { action: "digest" })], 2);

    expect(first).toMatchObject({ kind: "digest", count: 1, mails: [{ uid: 1 }] });
    expect(await due(id)).toMatchObject([{ kind: "digest", count: 1, mails: [{ uid: 2 }] }]);
  });

  test("after UIDVALIDITY has changed, a known mail takes its new number and is not told again", async () => {
    const { id, scope } = await account();
    const cursor = await beginFolder(store(), id, { uidValidity: 7 });
    const mail = judged(4);
    await store().mailQueue.record(cursor, [mail], 4);
    const [told] = await due(id);
    const at = { ...cursor, lastUid: 4 };

    await store().mailQueue.rebase(at, { uidValidity: 9, upTo: 1, from: NOW });
    const rebased = await store().mailQueue.cursor(id, "INBOX");
    if (!rebased) throw new Error("There is one");
    const known = await store().mailQueue.known(rebased, [mail.fingerprint, "other"]);
    const renumbered = { ...mail, uid: 1, verdict: { ...mail.verdict, action: "known" as const } };
    await store().mailQueue.record(rebased, [renumbered], 1);

    expect(rebased).toMatchObject({ uidValidity: 9, lastUid: 0, rebaseUpTo: 1, rebaseFrom: NOW });
    expect(known).toEqual(new Map([[mail.fingerprint, [mail.receivedAt]]]));
    expect(await due(id)).toEqual([]);
    expect(await store().mails.behind(scope, told?.id ?? 0)).toMatchObject({
      uid: 1,
      uidValidity: 9,
    });
    expect(await store().mailAccounts.events(scope, id, 5)).toMatchObject([
      { kind: "uid-validity", detail: "INBOX: 7 became 9" },
    ]);
  });

  test("an account is watched by one worker, until he lets go or his lease is over", async () => {
    const { id } = await account();
    const has = async (worker: string, leaseMs = 60_000) =>
      (await store().mailQueue.claim(worker, leaseMs)).some((each) => each.id === id);

    expect(await has("one")).toBe(true);
    expect(await has("two")).toBe(false);
    expect(await has("one", 0)).toBe(true);
    expect(await has("two")).toBe(true);
    await store().mailQueue.release("two");
    expect(await has("one")).toBe(true);
    await store().mailQueue.release("one");
  });

  test("an account stays its worker's while mails of it are being written", async () => {
    const { id } = await account();
    const cursor = await beginFolder(store(), id);
    const mails = Array.from({ length: 40 }, (_, index) => judged(index + 1));
    await store().mailQueue.claim("busy", 60_000);

    const writing = store().mailQueue.record(cursor, mails, 40);
    const has = async () =>
      (await store().mailQueue.claim("busy", 60_000)).some((each) => each.id === id);
    const claims = [await has(), await has(), await has(), await has(), await has()];
    await writing;

    expect(claims).toEqual([true, true, true, true, true]);
    await store().mailQueue.release("busy");
  });

  test("refused logins are counted, told once a day, and end the watching after ten", async () => {
    const { id, scope } = await account();
    const refused = () =>
      store().mailQueue.failed(id, { problem: "login-refused", retryAt: LATER });
    await Array.from({ length: MAX_LOGIN_REFUSALS - 1 }).reduce<Promise<unknown>>(
      (before) => before.then(refused),
      Promise.resolve(),
    );
    expect(await due(id, LATER)).toHaveLength(0); // Told by the database's clock: see below.

    expect(await refused()).toBe(MAX_LOGIN_REFUSALS);

    expect(await store().mailAccounts.one(scope, id)).toMatchObject({ state: "refused" });
    const notices = await due(id, new Date(Date.now() + 1_000));
    expect(notices).toMatchObject([
      { kind: "notice", problem: "login-refused" },
      { kind: "notice", problem: "login-refused" },
    ]);
  });

  test("a server that is away is told of only when two checks were missed", async () => {
    const { id } = await account();
    const failed = () => store().mailQueue.failed(id, { problem: "unreachable", retryAt: null });
    const soon = () => new Date(Date.now() + 1_000);

    await failed();
    const before = await due(id, soon());
    await store().query(
      "update mail_accounts set checked_at = now() - interval '11 minutes' where id = $1",
      [id],
    );
    await failed();
    await failed();

    expect(before).toEqual([]);
    expect(await due(id, soon())).toMatchObject([{ kind: "notice", problem: "unreachable" }]);
  });
});
