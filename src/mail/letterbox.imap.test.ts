import { describe, expect, test } from "vitest";
import { openDovecot, whyNoDovecot, type Dovecot } from "../../test/dovecot.ts";
import { connectMailbox, mailOf, watchMail } from "../../test/mail-stage.ts";
import { openEmbeddedStore, share } from "../../test/open-test-store.ts";
import { newDm, newName } from "../../test/talk.ts";
import type { Scope } from "../core/principal.ts";

describe.skipIf(whyNoDovecot !== null)(
  `mail at a real server${whyNoDovecot === null ? "" : ` (${whyNoDovecot})`}`,
  () => {
    const store = share(openEmbeddedStore);
    const dovecot = share<Dovecot>(openDovecot);

    async function mailbox(): Promise<{ name: string; id: number; scope: Scope }> {
      const name = newName("ana");
      const scope = newDm(name).scope(name);
      return { name, scope, id: await connectMailbox(store(), dovecot(), scope, { name }) };
    }
    const isWatched = (id: number) =>
      expect.poll(() => store().mailQueue.cursor(id, "INBOX"), { timeout: 20_000 }).not.toBeNull();

    test("what was there at the first look is old, and what comes after it is told, unseen", async () => {
      const { name, id } = await mailbox();
      await dovecot().deliver(name, mailOf("old"));
      await using watching = watchMail(store(), dovecot());
      await isWatched(id);

      await dovecot().deliver(name, mailOf("new"));

      await expect.poll(watching.subjects).toEqual(["new"]);
      expect(watching.told[0]).toMatchObject({ to: "dm", pings: false });
      expect(await dovecot().flags(name)).toEqual(["", ""]);
    });

    test("what comes while nobody watches, and what comes while the connection breaks, is told once", async () => {
      const { name, id } = await mailbox();
      {
        await using _ = watchMail(store(), dovecot());
        await isWatched(id);
      }
      await dovecot().deliver(name, mailOf("away"));

      await using watching = watchMail(store(), dovecot());
      await expect.poll(watching.subjects).toEqual(["away"]);
      await dovecot().dropSessions();
      await dovecot().deliver(name, mailOf("dropped"));

      await expect.poll(watching.subjects).toEqual(["away", "dropped"]);
    });

    test("after all mails are numbered anew, old ones are not told again and new ones are", async () => {
      const { name, id, scope } = await mailbox();
      await dovecot().deliver(name, mailOf("before"));
      await using watching = watchMail(store(), dovecot());
      await isWatched(id);
      await dovecot().deliver(name, mailOf("one"));
      await expect.poll(watching.subjects).toEqual(["one"]);

      await dovecot().renumber(name);
      await dovecot().dropSessions();
      await dovecot().deliver(name, mailOf("two"));

      await expect.poll(watching.subjects).toEqual(["one", "two"]);
      expect(await store().mailAccounts.events(scope, id, 9)).toMatchObject([
        { kind: "uid-validity" },
      ]);
    });

    test("a password that is refused is told, and a new one is used at once", async () => {
      const { name, id, scope } = await mailbox();
      await dovecot().addUser(name, "changed");
      await using watching = watchMail(store(), dovecot());
      await expect
        .poll(() => watching.told.map(({ text }) => text))
        .toEqual([expect.stringContaining("refuses the password")]);

      await dovecot().addUser(name, `secret-${name}`);
      await store().mailAccounts.change(scope, id, {});
      const account = await store().mailAccounts.one(scope, id);
      if (account) await store().mailAccounts.add(scope, account);
      watching.letterbox.poke();

      await isWatched(id);
      expect(await store().mailAccounts.one(scope, id)).toMatchObject({ problem: null });
    });
  },
);
