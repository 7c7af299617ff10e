import { describe, expect, test } from "vitest";
import { openDovecot, whyNoDovecot, type Dovecot } from "../../test/dovecot.ts";
import { mailOf } from "../../test/mail-stage.ts";
import { openEmbeddedStore, share } from "../../test/open-test-store.ts";
import { openSmtp, type SmtpSink } from "../../test/smtp-sink.ts";
import { silentLog } from "../core/log.ts";
import { Secret } from "../lib/secret.ts";
import type { MailContent } from "./content.ts";
import { MAX_ANSWERS_TO_ONE, refusalOf } from "./own-answers.ts";
import { createOwnMailbox } from "./own-mailbox.ts";

const NOW = new Date("2026-06-01T12:00:00Z");
const CONTENT: MailContent = {
  from: { name: "Ben", address: "ben@example.org" },
  hasManyFrom: false,
  replyTo: [],
  to: [],
  cc: [],
  subject: "Hi",
  date: null,
  messageId: "<1@example.org>",
  inReplyTo: null,
  references: [],
  text: "Hello",
  isTextCut: false,
  hidesWords: false,
  attachments: [],
  listId: null,
  unsubscribe: null,
  dmarc: "pass",
  isAutomatic: false,
};
const OPTIONS = {
  address: "clara@localhost",
  allowedSenders: ["ben@example.org", "@example.com"],
  now: NOW,
};

describe("a mail to her own mailbox", () => {
  test.each([
    [{}, null],
    [{ from: { name: "", address: "anybody@example.com" } }, null],
    [{ from: { name: "", address: "eve@notexample.com" } }, "not-allowed"],
    [{ from: { name: "", address: "ben@example.org.evil.example" } }, "not-allowed"],
    [{ from: { name: "ben@example.org", address: "eve@evil.example" } }, "not-allowed"],
    [{ from: { name: "", address: "clara@localhost" } }, "from-herself"],
    [{ from: { name: "", address: "" } }, "no-sender"],
    [{ dmarc: "fail" as const }, "not-proven"],
    [{ hasManyFrom: true }, "not-proven"],
    [{ isAutomatic: true }, "automatic"],
    [{ from: { name: "", address: "noreply@example.com" } }, "automatic"],
  ])("%j is answered unless: %s", (change, refusal) => {
    expect(refusalOf({ ...CONTENT, ...change }, [], OPTIONS)).toBe(refusal);
  });

  test("is one of too many when she has answered this sender often within the hour", () => {
    const at = (minutes: number) =>
      Array.from(
        { length: MAX_ANSWERS_TO_ONE },
        () => ["ben@example.org", NOW.getTime() - minutes * 60_000] as const,
      );

    expect(refusalOf(CONTENT, at(10), OPTIONS)).toBe("too-many");
    expect(refusalOf(CONTENT, at(70), OPTIONS)).toBeNull();
  });
});

describe.skipIf(whyNoDovecot !== null)(
  `her own mailbox at a real server${whyNoDovecot === null ? "" : ` (${whyNoDovecot})`}`,
  () => {
    const store = share(openEmbeddedStore);
    const dovecot = share<Dovecot>(openDovecot);
    const smtp = share<SmtpSink>(openSmtp);

    test("who may write to her gets one answer in its thread, others none, and nothing is marked", async () => {
      await dovecot().addUser("clara", "own-secret");
      const told: string[] = [];
      const box = createOwnMailbox(
        {
          net: {
            findHost: async () => ({ kind: "host", addresses: ["127.0.0.1"] }),
            ca: [dovecot().ca, smtp().ca].join("\n"),
          },
          secret: new Secret("own-secret"),
          notes: store().notes,
          clock: { now: () => new Date(), elapsedMs: () => performance.now() },
          createId: () => crypto.randomUUID(),
          log: silentLog,
          answer: async ({ text }) => `You said ${text.trim()}`,
          tell: async ({ subject }) => void told.push(subject),
        },
        {
          connection: {
            address: "clara@localhost",
            login: "clara",
            provider: "imap",
            auth: "password",
            imap: dovecot().imap,
            smtp: smtp().server,
          },
          allowedSenders: ["ben@example.org"],
          everyMs: 200,
        },
      );
      const stopping = new AbortController();
      const running = box.service.run(stopping.signal);
      await expect.poll(() => store().notes.get("own-mailbox")).not.toBeNull();

      await dovecot().deliver("clara", mailOf("Question", { text: "Tea?" }));
      await dovecot().deliver("clara", mailOf("Spam", { from: "eve@evil.example" }));
      await dovecot().deliver("clara", `Auto-Submitted: auto-replied\r\n${mailOf("Machine")}`);
      await expect.poll(() => told).toEqual(["Question", "Spam", "Machine"]);
      await expect.poll(() => smtp().letters.length).toBe(1);
      const listed = await box.search({}, 10, stopping.signal);
      stopping.abort();
      await running;

      const [letter] = smtp().letters;
      expect(letter?.to).toEqual(["ben@example.org"]);
      expect(letter?.text).toContain("Auto-Submitted: auto-replied");
      expect(letter?.text).toContain("Subject: Re: Question");
      expect(letter?.text).toMatch(/In-Reply-To: <\d+\.Question@example\.org>/);
      expect(letter?.text).toContain("You said Tea?");
      expect(listed.kind === "done" && listed.value).toHaveLength(3);
      expect(await dovecot().flags("clara")).toEqual(["", "", ""]);
    });
  },
);
