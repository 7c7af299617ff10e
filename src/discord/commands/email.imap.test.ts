import { describe, expect, test } from "vitest";
import { commandContext } from "../../../test/command-context.ts";
import { openDovecot, whyNoDovecot, type Dovecot } from "../../../test/dovecot.ts";
import { openEmail } from "../../../test/email-scene.ts";
import { openDesk } from "../../../test/mail-desk.ts";
import { connectMailbox, mailOf, watchMail } from "../../../test/mail-stage.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { openSmtp, type SmtpSink } from "../../../test/smtp-sink.ts";
import { newChannel, newDm, newName } from "../../../test/talk.ts";
import type { SafeFetch } from "../../core/net.ts";
import { newMailRule } from "../../core/mail-rules.ts";

describe.skipIf(whyNoDovecot !== null)(
  `/email, at a real server${whyNoDovecot === null ? "" : ` (${whyNoDovecot})`}`,
  () => {
    const store = share(openEmbeddedStore);
    const dovecot = share<Dovecot>(openDovecot);
    const smtp = share<SmtpSink>(openSmtp);

    function scene(fetch?: SafeFetch) {
      const name = newName("ana");
      const dm = newDm(name);
      const desk = openDesk(store(), [dovecot().ca, smtp().ca], fetch);
      return {
        name,
        dm,
        scope: dm.scope(name),
        desk,
        email: openEmail(store(), desk, commandContext(dm, name)),
      };
    }

    /** Ana with a mailbox that is watched, and one mail that she was told of. */
    async function told(source: string, fetch?: SafeFetch) {
      const given = scene(fetch);
      const { name, scope } = given;
      const id = await connectMailbox(store(), dovecot(), scope, {
        name,
        change: { smtp: smtp().server },
      });
      await using watching = watchMail(store(), dovecot());
      await expect.poll(() => store().mailQueue.cursor(id, "INBOX")).not.toBeNull();
      await dovecot().deliver(name, source);
      await expect.poll(() => watching.told.length).toBe(1);
      const buttons = watching.told[0]?.rows.flat() ?? [];
      const leadsTo = (label: string) =>
        buttons.find((each) => each.label === label)?.leadsTo ?? "none";
      return {
        ...given,
        id,
        card: watching.told[0]?.card,
        labels: buttons.map(({ label }) => label),
        leadsTo,
      };
    }

    test("connect asks for the password in a form, tries it, and shows it nowhere", async () => {
      const { name, email, scope } = scene();
      await dovecot().addUser(name, "right-secret");
      const server = `localhost:${dovecot().imap.port}`;

      const offered = await email.run("connect", { address: `${name}@localhost`, server });
      const wrong = await email.click(offered, "Enter the password", {
        fields: { login: name, password: "wrong-secret" },
      });
      const right = await email.click(wrong, "Enter the password", {
        fields: { login: name, password: "right-secret" },
      });

      expect(wrong.text).toContain("refuses the password");
      expect(right.text).toContain("works and is watched");
      expect(JSON.stringify([offered, wrong, right])).not.toMatch(/(?:right|wrong)-secret/);
      expect((await email.run("accounts")).text).toContain(`${name}@localhost`);
      expect((await email.run("test")).text).toMatch(/It works: \d+ folders\. Nothing can be sent/);
      expect(await store().mailAccounts.list(scope)).toHaveLength(1);
    });

    test("a card shows who proves what, and its buttons work for the mail's owner alone", async () => {
      const { email, card, leadsTo, dm } = await told(
        mailOf("The boat", {
          from: '"service@bank.example" <eve@evil.example>',
          text: "Click https://evil.example/x **now** <@123>",
        }),
      );
      const ben = newName("ben");

      const read = await email.press(leadsTo("Read"));
      const stranger = await email.press(leadsTo("Read"), commandContext(newDm(ben), ben));

      expect(card?.title).toBe("📬 The boat");
      expect(card?.fields[0]?.value).toMatch(
        /eve@evil\.example.*\n.*says nothing about the sender\n.*the name shows another address/,
      );
      expect(card?.text).toBe("Click evil.example/x \\*\\*now\\*\\* \\<@123\\>");
      expect(read.text).toContain("evil.example/x");
      expect(read.text).not.toContain("https://");
      expect(stranger.text).toBe("That is not your mail, or it is gone.");
      expect(dm.conversation.kind).toBe("dm");
    });

    test("a reply is written in a form and goes out by a click, in its thread", async () => {
      const { email, leadsTo } = await told(mailOf("Question"));

      const offered = await email.press(leadsTo("Draft reply"));
      const draft = await email.click(offered, "Write it…", { fields: { text: "My answer-4711" } });
      const before = smtp().letters.length;
      const edited = await email.click(draft, "Edit…", { fields: { text: "Better answer-4711" } });
      const sent = await email.click(edited, "Send");
      const again = await email.click(edited, "Send");

      expect(draft.text).toContain("Re: Question");
      expect(smtp().letters.length).toBe(before + 1);
      expect(sent.text).toBe("📤 Sent.");
      expect(again.text).toBe("It is sent already, or gone.");
      const letter = smtp().letters.at(-1);
      expect(letter?.to).toEqual(["ben@example.org"]);
      expect(letter?.text).toMatch(/In-Reply-To: <\d+\.Question@example\.org>/);
      expect(letter?.text).toContain("Better answer-4711");
    });

    test("mute, archive and snooze do what they say, once", async () => {
      const { email, leadsTo, scope } = await told(mailOf("Noise"));

      const muted = await email.press(leadsTo("Mute sender"));
      const archived = await email.press(leadsTo("Archive"));
      const offered = await email.press(leadsTo("Snooze"));
      const snoozed = await email.click(offered, "in an hour");
      const again = await email.click(offered, "tomorrow");

      expect(muted.text).toContain("You hear no more of ben@example.org");
      expect(await store().mailRules.list(scope)).toMatchObject([
        { action: "ignore", priority: 900 },
        { name: "everything" },
      ]);
      expect(archived.text).toBe("🗄️ Moved to Archive.");
      expect(snoozed.text).toContain("Told again");
      expect(again.text).toBe("You have decided that already.");
    });

    test("one click unsubscribes where the mail says that it is enough, and asks that server alone", async () => {
      const asked: unknown[] = [];
      const source = [
        "List-Unsubscribe: <https://news.example/u?t=1>, <mailto:u@news.example>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        mailOf("News"),
      ].join("\r\n");
      const { email, leadsTo, labels } = await told(source, async ({ url, method, body }) => {
        asked.push({ url, method, body });
        return {
          kind: "answer",
          url,
          status: 200,
          headers: {},
          body: new Uint8Array(),
          isCut: false,
        };
      });

      const done = await email.press(leadsTo("Unsubscribe"));

      expect(labels).toContain("Unsubscribe");
      expect(asked).toEqual([
        { url: "https://news.example/u?t=1", method: "POST", body: "List-Unsubscribe=One-Click" },
      ]);
      expect(done.text).toContain("agreed");
    });

    test("a rule in plain words is shown with what it would have fitted, and saved by a click", async () => {
      const { name, desk, dm } = await told(mailOf("An invoice"));
      const rule = newMailRule.parse({
        name: "Invoices",
        importance: "urgent",
        definition: { all: [{ kind: "subject", contains: ["invoice"] }] },
      });
      const email = openEmail(store(), desk, commandContext(dm, name), {
        writer: { write: async () => ({ kind: "rule", rule }) },
      });

      const card = await email.run("rule", { words: "tell me of invoices at once" });
      const before = (await email.run("rules")).text;
      const saved = await email.click(card, "Save");
      const listed = await email.run("rules");
      const removed = await email.click(listed, "Remove a rule", {
        values: [
          String(
            (await store().mailRules.list(dm.scope(name))).find((each) => each.name === "Invoices")
              ?.id,
          ),
        ],
      });

      expect(card.text).toContain(
        "Of your newest 1 mails it would have fitted **1**:\n- An invoice",
      );
      expect(before).not.toContain("Invoices");
      expect(saved.text).toContain("holds for mails that come from now on");
      expect(listed.text).toContain("Invoices");
      expect(removed.text).not.toContain("Invoices");
    });

    test("presets, quiet hours, digest, channel, pause and import are kept", async () => {
      const { name, email, scope, desk } = scene();
      const id = await connectMailbox(store(), dovecot(), scope, { name });
      const place = newChannel();
      const inChannel = openEmail(store(), desk, commandContext(place, name));

      expect((await email.run("presets")).text).toContain("⚪ **job_hunting**");
      expect((await email.run("presets", { name: "security" })).text).toContain("holds for mails");
      expect((await email.run("presets")).text).toContain("🟢 **security**");
      expect((await email.run("quiet", { from: "22:00", to: "7" })).text).toContain(
        "22:00 to 07:00",
      );
      expect((await email.run("quiet", { from: "25:00", to: "7" })).text).toContain(
        "Give both times",
      );
      expect((await email.run("digest", { at: "6:30" })).text).toContain("06:30");
      expect((await inChannel.run("channel", { where: "here", pings: "on" })).text).toContain(
        "everybody who reads here",
      );
      expect((await email.run("pause")).text).toContain("not watched now");
      const listed = await email.run("rules");
      const imported = await email.click(listed, "Import JSON…", {
        fields: {
          json: JSON.stringify([
            { name: "Boss", rule_definition: { conditions: { sender_contains: ["boss"] } } },
            { name: "Broken", rule_definition: { conditions: {} } },
          ]),
        },
      });

      expect(imported.text).toMatch(/Boss[^]*⚠️ Rule 2/);
      expect(await store().mailAccounts.one(scope, id)).toMatchObject({
        state: "paused",
        quiet: { from: 1_320, to: 420 },
        digestAt: 390,
        pings: true,
        channel: { id: place.conversation.id },
      });
      const asked = await email.run("disconnect");
      expect((await email.click(asked, "Forget it")).text).toBe("It is forgotten.");
      expect((await email.run("status")).text).toContain("no mailbox");
    });
  },
);
