import { expect, test } from "vitest";
import { addAccount, fitsAll, newAccount, plantMail } from "../../test/mail-rows.ts";
import { describeStore, share } from "../../test/open-test-store.ts";
import { newDm, newName } from "../../test/talk.ts";
import { MAX_MAIL_ACCOUNTS, mailSecretName } from "../core/mail.ts";

describeStore("mail accounts", (open) => {
  const store = share(open);
  const person = () => {
    const name = newName("ana");
    return newDm(name).scope(name);
  };

  test("an account is its owner's, and nobody else finds, changes or removes it", async () => {
    const [ana, ben] = [person(), person()];
    const id = await addAccount(store(), ana);

    expect(await store().mailAccounts.list(ben)).toEqual([]);
    expect(await store().mailAccounts.change(ben, id, { state: "paused" })).toBe(false);
    expect(await store().mailAccounts.remove(ben, id)).toBe(false);
    expect(await store().mailAccounts.one(ana, id)).toMatchObject({
      ...newAccount(),
      id,
      owner: ana.principal.userId,
      state: "active",
      channel: null,
      quiet: null,
      digestAt: 480,
    });
  });

  test("the same address again is the same account, working anew, with its settings", async () => {
    const ana = person();
    const id = await addAccount(store(), ana);
    await store().mailAccounts.change(ana, id, { quiet: { from: 1_320, to: 420 }, pings: true });
    await store().mailQueue.failed(id, { problem: "locked", retryAt: null });

    await addAccount(store(), ana, { login: "other" });

    expect(await store().mailAccounts.list(ana)).toMatchObject([
      { id, login: "other", state: "active", problem: null, quiet: { from: 1_320 }, pings: true },
    ]);
  });

  test("a person has so many accounts and no more, also when the last is asked for twice at once", async () => {
    const ana = person();
    const all = Array.from({ length: MAX_MAIL_ACCOUNTS + 1 }, (_, index) =>
      store().mailAccounts.add(ana, newAccount({ address: `${index}@example.com` })),
    );

    const added = (await Promise.all(all)).filter(({ kind }) => kind === "added");

    expect(added).toHaveLength(MAX_MAIL_ACCOUNTS);
  });

  test("with an account goes its password, and what was seen in it", async () => {
    const ana = person();
    const words = newName("canary");
    const { accountId } = await plantMail(store(), ana, words);
    const owner = { kind: "person", userId: ana.principal.userId } as const;
    await store().secrets.put(owner, mailSecretName({ address: `${words}@example.com` }), "hush");
    await store().secrets.put(owner, "other", "stays");

    await store().mailAccounts.remove(ana, accountId);

    expect(await store().secrets.names(owner)).toEqual(["other"]);
    expect(await store().mails.recentAlerts(ana, 10)).toEqual([]);
    expect(
      await store().query("select from mail_messages where subject = $1", [words]),
    ).toHaveLength(0);
  });

  test("a rule of another's account is refused, and one of the same name takes its place", async () => {
    const [ana, ben] = [person(), person()];
    const accountId = await addAccount(store(), ben);

    const refused = await store().mailRules.save(ana, fitsAll({ accountId }));
    await store().mailRules.save(ana, fitsAll({ name: "low", priority: -1 }));
    await store().mailRules.save(ana, fitsAll({ name: "high", priority: 1 }));
    await store().mailRules.save(ana, fitsAll({ name: "low", priority: -5 }));

    expect(refused).toEqual({ kind: "no-account" });
    expect(await store().mailRules.list(ana)).toMatchObject([
      { name: "high" },
      { name: "low", priority: -5 },
    ]);
    expect(await store().mailRules.list(ben)).toEqual([]);
  });

  test("a draft is sent by whoever begins first, once, and not edited meanwhile", async () => {
    const ana = person();
    const { draftId } = await plantMail(store(), ana, newName("words"));

    const begun = await Promise.all([
      store().mailDrafts.begin(ana, draftId),
      store().mailDrafts.begin(ana, draftId),
    ]);
    const edited = await store().mailDrafts.edit(ana, draftId, { to: [], subject: "", text: "" });
    await store().mailDrafts.end(ana, draftId, "uncertain");

    expect(begun.filter((draft) => draft !== null)).toHaveLength(1);
    expect(edited).toBe(false);
    expect(await store().mailDrafts.begin(ana, draftId)).toBeNull();
    expect(await store().mailDrafts.one(ana, draftId)).toMatchObject({ state: "uncertain" });
  });
});
