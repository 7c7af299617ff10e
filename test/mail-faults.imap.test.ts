import { describe, expect, onTestFinished, test } from "vitest";
import type { ImapFlow } from "imapflow";
import type { Announcer } from "../src/core/announcer.ts";
import { fitsAll, judged, privateScope } from "./mail-rows.ts";
import { senderWords } from "../src/agent/mail-words.ts";
import type { MailProblem } from "../src/core/mail.ts";
import { mailSecretName } from "../src/core/mail.ts";
import { Secret } from "../src/lib/secret.ts";
import { openImap } from "../src/mail/imap.ts";
import { alertDueAt } from "../src/mail/due-time.ts";
import { MailTrouble } from "../src/mail/trouble.ts";
import { announcing } from "./announced.ts";
import { openDovecot, whyNoDovecot, type Dovecot } from "./dovecot.ts";
import { openFakeImap, type FakeImap, type Manners } from "./fake-imap.ts";
import { connectMailbox, mailOf, watchMail } from "./mail-stage.ts";
import { openEmbeddedStore, share, type TestStore } from "./open-test-store.ts";
import { newDm, newName } from "./talk.ts";

/** A busy machine is no failure. */
const PATIENT = { timeout: 50_000 };
const MINUTES = 120_000;
const ALIVE = new AbortController().signal;
const net = (ca: string | undefined) => ({
  findHost: async () => ({ kind: "host", addresses: ["127.0.0.1"] }) as const,
  ca,
});

/** What comes in the way when one signs in there. */
async function problemAt(
  { imap, ca }: Pick<FakeImap, "imap" | "ca">,
  trusts = true,
): Promise<MailProblem | "none"> {
  try {
    const connection = { imap, login: "ana", auth: "password" } as const;
    const client = await openImap(net(trusts ? ca : undefined), connection, new Secret("x"), ALIVE);
    client.close();
    return "none";
  } catch (error) {
    return error instanceof MailTrouble ? error.problem : "none";
  }
}

describe("a server that does not do what it should", () => {
  const login = (answer: string): Manners => ({
    speak: (_, command) => (command === "LOGIN" || command === "AUTHENTICATE" ? answer : null),
  });
  const ROWS: readonly (readonly [string, Manners, MailProblem])[] = [
    ["E8: refuses the password", login("%TAG% NO [AUTHENTICATIONFAILED] no\r\n"), "login-refused"],
    ["E8: is in use", login("%TAG% NO [INUSE] later\r\n"), "busy"],
    ["E8: has too many guests", login("%TAG% NO [LIMIT] too many\r\n"), "busy"],
    ["E8: is not available", login("%TAG% NO [UNAVAILABLE] later\r\n"), "busy"],
    ["E8: says good-bye", login("* BYE leaving\r\n"), "unreachable"],
    ["E8: leaves", login("end"), "unreachable"],
    ["E10: speaks in clear text where TLS is wanted", { security: "plain" }, "no-encryption"],
    ["E10: has had its STARTTLS taken out", { security: "starttls" }, "no-encryption"],
    ["E10: answers with rubbish", { greeting: "SSH-2.0-OpenSSH_9" }, "no-mail-server"],
  ];

  test.each(ROWS)("%s", async (_, manners, problem) => {
    await using server = await openFakeImap(manners);

    const found = await problemAt(server);

    // What a stranger says in place of IMAP may also look as if nobody were there.
    expect(
      problem === "no-mail-server"
        ? ["no-mail-server", "unreachable", "too-slow", "failed"]
        : [problem],
    ).toContain(found);
  });

  test("E10: says nothing: too slow, and it is left", async () => {
    await using server = await openFakeImap({ greeting: null });

    expect(await problemAt(server)).toBe("too-slow");
  });

  test("E10: shows a certificate that nobody trusts", async () => {
    await using server = await openFakeImap();

    expect(await problemAt(server)).toBe("none");
    expect(await problemAt(server, false)).toBe("bad-certificate");
  });

  test("E10: knows no newer TLS than 1.1", async () => {
    await using server = await openFakeImap({
      tls: { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
    });

    expect(await problemAt(server)).toBe("no-encryption");
  });

  test("E9: announces a mail of 2 GB and goes silent: nothing waits for it", async () => {
    await using server = await openFakeImap({
      speak: (_, command) =>
        command === "UID FETCH" ? "* 1 FETCH (UID 1 BODY[]<0> {2000000000}\r\nx" : null,
    });
    const connection = { imap: server.imap, login: "ana", auth: "password" } as const;
    const client = await openImap(net(server.ca), connection, new Secret("x"), ALIVE);
    await client.mailboxOpen("INBOX", { readOnly: true });

    const fetched = client.fetchAll(
      "1",
      { uid: true, source: { maxLength: 1_000 } },
      { uid: true },
    );

    await expect(fetched).rejects.toThrow(/\w/);
    expect(client.isClosed).toBe(true);
  });
});

describe("senders that are not who they seem", () => {
  test.each([
    ["Bank <bank.example>", "eve@evil.example", "the name shows another address"],
    ["service@bank.example", "eve@evil.example", "the name shows another address"],
    ["Bank", "eve@bаnk.example", "letters of another alphabet: xn--"],
  ])("E13: %s from %s", (fromName, fromAddress, warning) => {
    const words = senderWords({ fromName, fromAddress, dmarc: "unknown" });

    expect(words.startsWith("eve@")).toBe(true);
    expect(words).toContain(warning);
  });

  test("E13: who is who he seems gets no warning", () => {
    const words = senderWords({ fromName: "Ben", fromAddress: "ben@example.org", dmarc: "pass" });

    expect(words).toBe("ben@example.org (Ben)\n✅ sender proven (DMARC)");
  });
});

test("E19: an alert of quiet hours comes once at their end, whichever clock is moved", () => {
  const quiet = { quiet: { from: 22 * 60, to: 7 * 60 } };
  const before = new Date("2026-03-28T22:30:00Z");

  const due = alertDueAt(quiet, "Europe/Berlin", before);
  const again = alertDueAt(quiet, "Europe/Berlin", due);

  expect(due.toISOString()).toBe("2026-03-29T05:00:00.000Z");
  expect(again).toEqual(due);
});

describe.skipIf(whyNoDovecot !== null)(
  `mail in trouble${whyNoDovecot === null ? "" : ` (${whyNoDovecot})`}`,
  { timeout: MINUTES },
  () => {
    const dovecot = share<Dovecot>(openDovecot);
    const deaf = share<Dovecot>(() =>
      openDovecot({ capability: "IMAP4rev1 SASL-IR LITERAL+ NAMESPACE" }),
    );

    /** A house of the test's own, with a mailbox in it. */
    async function mailbox(at = dovecot()) {
      const store = await openEmbeddedStore();
      onTestFinished(() => store[Symbol.asyncDispose]());
      const name = newName("ana");
      const scope = newDm(name).scope(name);
      const id = await connectMailbox(store, at, scope, { name });
      return { store, name, scope, id };
    }
    const isWatched = ({ mailQueue }: TestStore, id: number) =>
      expect.poll(() => mailQueue.cursor(id, "INBOX"), PATIENT).not.toBeNull();
    const realOpen: typeof openImap = openImap;

    /** As the house opens a connection, with something done to it. */
    const opening =
      (at: Dovecot, change: (client: ImapFlow) => void) =>
      async (
        ...[connection, secret, signal]: [Parameters<typeof openImap>[1], Secret, AbortSignal]
      ) => {
        const client = await realOpen(net(at.ca), connection, secret, signal);
        change(client);
        return client;
      };

    test("E2: a mail between the look and IDLE is found", async () => {
      const { store, name, id } = await mailbox();
      let isFirst = true;
      await using watching = watchMail(store, dovecot(), {
        open: opening(dovecot(), (client) => {
          const idle = client.idle.bind(client);
          client.idle = async (...given) => {
            if (isFirst) await dovecot().deliver(name, mailOf("in between"));
            isFirst = false;
            return idle(...given);
          };
        }),
      });
      await isWatched(store, id);

      await expect.poll(watching.subjects, PATIENT).toEqual(["in between"]);
    });

    test("E3: where IDLE hears nothing any more, the next look finds the mail", async () => {
      const { store, name, id } = await mailbox();
      await using watching = watchMail(store, dovecot(), {
        checkEveryMs: 1_000,
        open: opening(dovecot(), (client) => {
          // As behind a box that has forgotten the connection.
          client.idle = () => new Promise(() => {});
          client.on = () => client;
        }),
      });
      await isWatched(store, id);

      await dovecot().deliver(name, mailOf("unheard"));

      await expect.poll(watching.subjects, PATIENT).toEqual(["unheard"]);
    });

    test("E4: what comes in hundreds is told in a few alerts and one digest", async () => {
      const { store, name, id } = await mailbox();
      {
        await using _ = watchMail(store, dovecot());
        await isWatched(store, id);
      }
      await Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          dovecot().deliver(name, mailOf(`flood ${index}`)),
        ),
      );

      await using watching = watchMail(store, dovecot());
      await expect
        .poll(() => store.mailQueue.cursor(id, "INBOX"), PATIENT)
        .toMatchObject({ lastUid: 200 });
      await store.query(
        "update mail_alerts set due_at = now() where account_id = $1 and kind = 'digest'",
        [id],
      );

      await expect
        .poll(watching.subjects, PATIENT)
        .toContainEqual(expect.stringMatching(/180 mails/));
      expect(watching.told).toHaveLength(21);
    });

    test("E5: what is expunged as it is asked for is skipped and noted, and what is left is told", async () => {
      const { store, name, id, scope } = await mailbox();
      let isFirst = true;
      {
        await using _ = watchMail(store, dovecot());
        await isWatched(store, id);
      }
      await dovecot().deliver(name, mailOf("first"));
      await dovecot().deliver(name, mailOf("second"));
      await dovecot().deliver(name, mailOf("third"));

      await using again = watchMail(store, dovecot(), {
        open: opening(dovecot(), (client) => {
          const fetchAll = client.fetchAll.bind(client);
          client.fetchAll = async (...given) => {
            // The server tells of it as soon as it looks, and its mails are gone by then.
            if (isFirst)
              await dovecot()
                .expunge(name, 1)
                .then(() => client.noop());
            isFirst = false;
            return fetchAll(...given);
          };
        }),
      });

      await expect.poll(() => again.told.length, PATIENT).toBe(2);
      expect(await store.mailQueue.cursor(id, "INBOX")).toMatchObject({ lastUid: 3 });
      expect(await store.mailAccounts.events(scope, id, 5)).toMatchObject([{ kind: "gone" }]);
    });

    test("E6: a mail that its owner has read on the phone is judged all the same", async () => {
      const { store, name, id } = await mailbox();
      {
        await using _ = watchMail(store, dovecot());
        await isWatched(store, id);
      }
      await dovecot().deliver(name, mailOf("read on the phone"));
      const phone = await realOpen(
        net(dovecot().ca),
        { imap: dovecot().imap, login: name, auth: "password" },
        new Secret(`secret-${name}`),
        ALIVE,
      );
      await phone.mailboxOpen("INBOX");
      await phone.messageFlagsAdd("1", ["\\Seen"], { uid: true });
      phone.close();

      await using watching = watchMail(store, dovecot());

      await expect.poll(watching.subjects, PATIENT).toEqual(["read on the phone"]);
    });

    test("E7: two mailboxes of one person have the same numbers, and each mail is told", async () => {
      const one = await mailbox();
      const { store } = one;
      const other = newName("second");
      const id = await connectMailbox(store, dovecot(), one.scope, { name: other });
      await using watching = watchMail(store, dovecot());
      await isWatched(store, one.id);
      await isWatched(store, id);

      await dovecot().deliver(one.name, mailOf("at the first"));
      await dovecot().deliver(other, mailOf("at the second"));

      await expect
        .poll(() => watching.subjects().toSorted())
        .toEqual(["at the first", "at the second"]);
    });

    test("E11: a mail at which reading fails again and again is kept unread, and the next ones are told", async () => {
      const { store, name, id, scope } = await mailbox();
      {
        await using _ = watchMail(store, dovecot());
        await isWatched(store, id);
      }
      await dovecot().deliver(name, mailOf("bad"));
      await dovecot().deliver(name, mailOf("good"));

      await using watching = watchMail(store, dovecot(), {
        open: opening(dovecot(), (client) => {
          const fetchAll = client.fetchAll.bind(client);
          client.fetchAll = async (...given) => {
            const [range] = given;
            if (typeof range === "string" && range.split(",").includes("1"))
              throw new Error("The answer makes no sense");
            return fetchAll(...given);
          };
        }),
      });

      await expect.poll(watching.subjects, PATIENT).toEqual(["(no subject)", "good"]);
      expect(await store.mailAccounts.events(scope, id, 5)).toMatchObject([{ kind: "unreadable" }]);
    });

    test("E16: while Discord is away alerts wait, and each is said once", async () => {
      const { store, name, id } = await mailbox();
      const { told, announcer } = announcing();
      let attempts = 0;
      const unsteady: Announcer = {
        async announce(...given) {
          attempts++;
          if (attempts === 1) throw new Error("Discord is away");
          const said = await announcer.announce(...given);
          // It was said, and nobody heard so.
          if (attempts === 2) throw new Error("Discord is away again");
          return said;
        },
      };
      await using watching = watchMail(store, dovecot(), { announcer: unsteady });
      await isWatched(store, id);

      await dovecot().deliver(name, mailOf("patient"));

      await expect.poll(() => attempts, PATIENT).toBe(3);
      expect(told.map(({ card }) => card?.title)).toEqual(["📬 patient"]);
      expect(watching.told).toEqual([]);
    });

    test("E18: after an old backup, what was told before comes in one digest that says so", async () => {
      const { store, id, scope } = await mailbox();
      const cursor = await store.mailQueue.cursor(id, "INBOX");
      expect(cursor).toBeNull();
      await store.mailQueue.begin(
        { accountId: id, path: "INBOX", uidValidity: 1, lastUid: 0, newestAt: null },
        [],
      );
      const begun = await store.mailQueue.cursor(id, "INBOX");
      if (!begun) throw new Error("It has begun");
      const yesterday = { action: "digest", dueAt: new Date(0) } as const;
      await store.mailQueue.record(begun, [judged(1, {}, yesterday), judged(2, {}, yesterday)], 2);

      const due = await store.mailAlerts.take(new Date(), 99);

      expect(due.filter(({ account }) => account.id === id)).toMatchObject([
        { kind: "digest", count: 2 },
      ]);
      expect(privateScope(scope)).toEqual(scope);
    });

    test("E20: a password that is changed is used at once, on a new connection", async () => {
      const { store, name, id, scope } = await mailbox();
      const used: string[] = [];
      await using watching = watchMail(store, dovecot(), {
        open: async (connection, secret, signal) => {
          used.push(secret.reveal());
          return realOpen(net(dovecot().ca), connection, secret, signal);
        },
      });
      await isWatched(store, id);

      const owner = { kind: "person", userId: scope.principal.userId } as const;
      await dovecot().addUser(name, "new-secret");
      // Dovecot looks no more than once a second whether a password was changed.
      const signIn = () =>
        realOpen(
          net(dovecot().ca),
          { imap: dovecot().imap, login: name, auth: "password" },
          new Secret("new-secret"),
          ALIVE,
        ).then(
          (client) => client.close(),
          () => "refused",
        );
      await expect.poll(signIn, PATIENT).toBeUndefined();
      await store.secrets.put(
        owner,
        mailSecretName({ address: `${name}@localhost` }),
        "new-secret",
      );
      const account = await store.mailAccounts.one(scope, id);
      if (account) await store.mailAccounts.add(scope, account);
      watching.letterbox.poke();

      await expect
        .poll(() => used)
        .toEqual(expect.arrayContaining([`secret-${name}`, "new-secret"]));
      await dovecot().deliver(name, mailOf("with the new one"));
      await expect.poll(watching.subjects, PATIENT).toEqual(["with the new one"]);
    });

    test("E21: without the key of its password an account is locked, is told so, and others go on", async () => {
      const { store, id, scope } = await mailbox();
      const name = newName("other");
      const other = await connectMailbox(store, dovecot(), scope, { name });
      await store.query(
        "update secrets set key_id = 'gone', sealed = replace(sealed, 'v1.test', 'v1.gone') where owner = $1 and name not like 'mail:other%'",
        [`person:${scope.principal.userId}`],
      );

      await using watching = watchMail(store, dovecot());
      await isWatched(store, other);
      await expect
        .poll(() => watching.told.map(({ text }) => text), PATIENT)
        .toEqual([expect.stringContaining("cannot be opened any more")]);

      expect(await store.mailAccounts.one(scope, id)).toMatchObject({ state: "locked" });
    });

    test("E22: a server without IDLE, CONDSTORE and UIDPLUS is looked through now and then", async () => {
      const { store, name, id, scope } = await mailbox(deaf());
      await store.mailRules.save(privateScope(scope), fitsAll());
      await using watching = watchMail(store, deaf(), { checkEveryMs: 500 });
      await isWatched(store, id);

      await deaf().deliver(name, mailOf("polled"));

      await expect.poll(watching.subjects, PATIENT).toEqual(["polled"]);
    });
  },
);
