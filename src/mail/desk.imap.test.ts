import { describe, expect, test } from "vitest";
import { openDesk } from "../../test/mail-desk.ts";
import { openDovecot, whyNoDovecot, type Dovecot } from "../../test/dovecot.ts";
import { connectMailbox, mailOf, watchMail } from "../../test/mail-stage.ts";
import { openEmbeddedStore, share } from "../../test/open-test-store.ts";
import { openSmtp, type SmtpSink } from "../../test/smtp-sink.ts";
import { newDm, newName } from "../../test/talk.ts";
import { ruleDefinition } from "../core/mail-rules.ts";

const ALIVE = new AbortController().signal;

describe.skipIf(whyNoDovecot !== null)(
  `the desk at a real server${whyNoDovecot === null ? "" : ` (${whyNoDovecot})`}`,
  () => {
    const store = share(openEmbeddedStore);
    const dovecot = share<Dovecot>(openDovecot);
    const smtp = share<SmtpSink>(() => openSmtp());

    async function scene() {
      const name = newName("ana");
      const scope = newDm(name).scope(name);
      const desk = openDesk(store(), [dovecot().ca, smtp().ca]);
      const id = await connectMailbox(store(), dovecot(), scope, {
        name,
        change: { smtp: smtp().server },
      });
      return { name, scope, desk, id };
    }

    test("an account is kept only when its password works, and then sealed", async () => {
      const name = newName("ana");
      const scope = newDm(name).scope(name);
      await dovecot().addUser(name, "right-password");
      const desk = openDesk(store(), [dovecot().ca]);
      const connection = {
        address: `${name}@localhost`,
        login: name,
        provider: "imap",
        auth: "password",
        imap: dovecot().imap,
        smtp: null,
      } as const;

      const wrong = await desk.connect(scope, connection, "wrong-password", ALIVE);
      const none = await store().mailAccounts.list(scope);
      const right = await desk.connect(scope, connection, "right-password", ALIVE);

      expect(wrong).toEqual({ kind: "trouble", problem: "login-refused" });
      expect(none).toEqual([]);
      expect(right).toMatchObject({ kind: "done", value: { address: `${name}@localhost` } });
      const sealed = await store().query("select sealed from secrets where name = $1", [
        `mail:${name}@localhost`,
      ]);
      expect(JSON.stringify(sealed)).not.toContain("right-password");
    });

    test("another certificate is refused, and so is a port that speaks no TLS", async () => {
      const { scope, id } = await scene();

      const stranger = openDesk(store(), []);

      expect(await stranger.test(scope, id, ALIVE)).toEqual({
        kind: "trouble",
        problem: "bad-certificate",
      });
    });

    test("mails are listed, found and read, and none of it marks them as seen", async () => {
      const { name, scope, desk, id } = await scene();
      await dovecot().deliver(name, mailOf("first", { from: "Eve <eve@example.org>" }));
      await dovecot().deliver(name, mailOf("second", { text: "needle" }));

      const all = await desk.search(scope, id, "INBOX", {}, 10, ALIVE);
      const found = await desk.search(scope, id, "INBOX", { text: "needle" }, 10, ALIVE);
      const uid = found.kind === "done" ? (found.value[0]?.uid ?? 0) : 0;
      const read = await desk.read(scope, id, "INBOX", uid, ALIVE);

      expect(all).toMatchObject({
        value: [{ subject: "second", isUnread: true }, { subject: "first" }],
      });
      expect(read).toMatchObject({ kind: "done", value: { subject: "second" } });
      expect(read.kind === "done" && read.value.text).toContain("needle");
      expect(await dovecot().flags(name)).toEqual(["", ""]);
      expect(await desk.read(scope, id, "Nowhere", 1, ALIVE)).toEqual({ kind: "unknown" });
      expect(await desk.folders(scope, id, ALIVE)).toMatchObject({
        value: expect.arrayContaining(["INBOX", "Archive"]),
      });
    });

    test("somebody else's account is not there", async () => {
      const { desk, id } = await scene();
      const ben = newName("ben");
      const scope = newDm(ben).scope(ben);

      expect(await desk.read(scope, id, "INBOX", 1, ALIVE)).toEqual({ kind: "unknown" });
      expect(await desk.dryRun(scope, id, ruleDefinition.parse({}), ALIVE)).toEqual({
        kind: "unknown",
      });
    });

    test("a mail that was told of is read, and archived, also after all mails were numbered anew", async () => {
      const { name, scope, desk, id } = await scene();
      {
        await using watching = watchMail(store(), dovecot());
        await expect.poll(() => store().mailQueue.cursor(id, "INBOX")).not.toBeNull();
        await dovecot().deliver(name, mailOf("kept"));
        await expect.poll(watching.subjects).toEqual(["kept"]);
      }
      const [alert] = await store().mails.recentAlerts(scope, 1);
      if (!alert) throw new Error("It was told");
      await dovecot().renumber(name);

      const read = await desk.readAlerted(scope, alert.mail, ALIVE);
      const archived = await desk.archive(scope, alert.mail, ALIVE);

      expect(read).toMatchObject({ kind: "done", value: { subject: "kept" } });
      expect(archived).toEqual({ kind: "done", value: "Archive" });
      expect(await desk.search(scope, id, "INBOX", {}, 9, ALIVE)).toEqual({
        kind: "done",
        value: [],
      });
      expect(await desk.archive(scope, alert.mail, ALIVE)).toEqual({ kind: "unknown" });
    });

    test("a rule is tried on what is there", async () => {
      const { name, scope, desk, id } = await scene();
      await dovecot().deliver(name, mailOf("an invoice"));
      await dovecot().deliver(name, mailOf("a letter"));
      const definition = ruleDefinition.parse({
        all: [{ kind: "subject", contains: ["invoice"] }],
      });

      expect(await desk.dryRun(scope, id, definition, ALIVE)).toMatchObject({
        kind: "done",
        value: { looked: 2, fitting: [{ subject: "an invoice" }] },
      });
    });

    test("a draft is sent once, in its thread, and by nobody else", async () => {
      const { scope, desk, id } = await scene();
      const draft = await store().mailDrafts.add(scope, {
        accountId: id,
        to: ["ben@example.org"],
        cc: [],
        subject: "Re: hello",
        text: "Yes.\n.\nNo.",
        inReplyTo: "<2@example.org>",
        references: ["<1@example.org>", "<2@example.org>"],
      });
      if (!draft) throw new Error("It is added");
      const ben = newName("ben");

      const stolen = await desk.send(newDm(ben).scope(ben), draft.id, ALIVE);
      const sent = await Promise.all([1, 2].map(() => desk.send(scope, draft.id, ALIVE)));

      expect(stolen).toEqual({ kind: "unknown" });
      expect(sent.filter(({ kind }) => kind === "done")).toEqual([{ kind: "done", value: "sent" }]);
      const [letter, ...more] = smtp().letters.filter(({ text }) => text.includes(draft.messageId));
      expect(more).toEqual([]);
      expect(letter?.to).toEqual(["ben@example.org"]);
      expect(letter?.text).toContain("In-Reply-To: <2@example.org>");
      expect(letter?.text).toMatch(/References: <1@example\.org>\s+<2@example\.org>/);
    });

    test("a draft that the server refuses stays open, and one without an answer is not sent again", async () => {
      const { scope, desk, id } = await scene();
      const draftTo = async (to: string) => {
        const draft = await store().mailDrafts.add(scope, {
          accountId: id,
          to: [to],
          cc: [],
          subject: "x",
          text: "x",
          inReplyTo: null,
          references: [],
        });
        return draft?.id ?? 0;
      };
      const [refused, cut] = [
        await draftTo("refused@example.org"),
        await draftTo("cut@example.org"),
      ];

      expect(await desk.send(scope, refused, ALIVE)).toMatchObject({ kind: "trouble" });
      expect(await desk.send(scope, cut, ALIVE)).toEqual({ kind: "done", value: "uncertain" });
      expect(await store().mailDrafts.one(scope, refused)).toMatchObject({ state: "open" });
      expect(await desk.send(scope, cut, ALIVE)).toEqual({ kind: "unknown" });
    });
  },
);
