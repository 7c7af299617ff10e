import { describe, expect, test } from "vitest";
import { ruleDefinition, type MailRule } from "../core/mail-rules.ts";
import { fits, wrongPattern, type Judged } from "./conditions.ts";
import type { MailContent } from "./content.ts";
import { alertDueAt, digestDueAt, nextAt } from "./due-time.ts";
import { judge } from "./judge.ts";
import { readOriginalRule } from "./original-rules.ts";
import { PRESETS } from "./presets.ts";

const CONTENT: MailContent = {
  from: { name: "Ben", address: "ben@mail.example.org" },
  hasManyFrom: false,
  replyTo: [],
  to: [{ name: "", address: "ana@example.com" }],
  cc: [],
  subject: "Your Invoice 4711",
  date: null,
  messageId: null,
  inReplyTo: null,
  references: [],
  text: "Please pay.",
  isTextCut: false,
  hidesWords: false,
  attachments: [{ name: "bill.PDF", contentType: "application/pdf", sizeBytes: 10 }],
  listId: "news.example.org",
  unsubscribe: null,
  dmarc: "pass",
  isAutomatic: false,
};
const MAIL: Judged = {
  content: CONTENT,
  receivedAt: new Date("2026-06-03T20:30:00Z"),
  sizeBytes: 5_000,
  zone: "Europe/Berlin",
};
const mailWith = (change: Partial<MailContent>): Judged => ({
  ...MAIL,
  content: { ...CONTENT, ...change },
});
const rule = (change: object): MailRule => ({
  id: 1,
  name: "rule",
  definition: ruleDefinition.parse({}),
  priority: 0,
  importance: "normal",
  action: "alert",
  pings: null,
  label: null,
  prompt: null,
  accountId: null,
  preset: null,
  isEnabled: true,
  ...change,
});

describe("a condition", () => {
  test.each([
    [{ kind: "sender", contains: ["BEN"] }, true],
    [{ kind: "sender", contains: ["eve", "@mail.example"] }, true],
    [{ kind: "sender", contains: ["eve"] }, false],
    [{ kind: "domain", is: ["example.org"] }, true],
    [{ kind: "domain", is: ["@mail.example.org"] }, true],
    [{ kind: "domain", is: ["ample.org"] }, false],
    [{ kind: "to", contains: ["ana@"] }, true],
    [{ kind: "subject", contains: ["invoice"] }, true],
    [{ kind: "body", contains: ["pay"] }, true],
    [{ kind: "regex", in: "subject", pattern: "invoice \\d+$" }, true],
    [{ kind: "regex", in: "sender", pattern: "^ben <" }, true],
    [{ kind: "regex", in: "body", pattern: "^pay" }, false],
    [{ kind: "list", contains: [] }, true],
    [{ kind: "list", contains: ["other"] }, false],
    [{ kind: "attachment", has: true, endings: ["pdf"] }, true],
    [{ kind: "attachment", has: true, endings: ["exe"] }, false],
    [{ kind: "attachment", has: false }, false],
    [{ kind: "dmarc", is: ["fail", "pass"] }, true],
    [{ kind: "dmarc", is: ["fail"] }, false],
    [{ kind: "size", overBytes: 4_999 }, true],
    [{ kind: "size", underBytes: 5_000 }, false],
    [{ kind: "time", from: "22:00", to: "06:00" }, true],
    [{ kind: "time", from: "06:00", to: "22:00" }, false],
    [{ kind: "time", from: "00:00", to: "00:00", weekdays: [3] }, true],
    [{ kind: "time", from: "00:00", to: "00:00", weekdays: [4, 5] }, false],
  ])("%j fits: %s", (condition, expected) => {
    expect(fits(ruleDefinition.parse({ all: [condition] }), MAIL)).toBe(expected);
  });

  test("all, any and none are what they say", () => {
    const [yes, no] = [
      { kind: "sender", contains: ["ben"] },
      { kind: "sender", contains: ["eve"] },
    ];
    const of = (definition: object) => fits(ruleDefinition.parse(definition), MAIL);

    expect(of({})).toBe(true);
    expect(of({ all: [yes, no] })).toBe(false);
    expect(of({ any: [yes, no] })).toBe(true);
    expect(of({ any: [no] })).toBe(false);
    expect(of({ all: [yes], none: [no] })).toBe(true);
    expect(of({ all: [yes], none: [yes] })).toBe(false);
  });

  test("a pattern that was made to take for ever takes no longer than others", () => {
    const hostile = mailWith({ text: `${"a".repeat(1_000_000)}!` });
    const definition = ruleDefinition.parse({
      all: [{ kind: "regex", in: "body", pattern: "(a+)+$" }],
    });

    // A backtracking engine does not come back from this within the life of the test.
    expect(fits(definition, hostile)).toBe(true);
    expect(
      fits(
        ruleDefinition.parse({ all: [{ kind: "regex", in: "body", pattern: "^(a+)+b$" }] }),
        hostile,
      ),
    ).toBe(false);
  });

  test("a pattern that cannot be is told before it is saved, and never fits", () => {
    expect(wrongPattern("(")).toContain("missing");
    expect(wrongPattern("(?=x)")).not.toBeNull();
    expect(wrongPattern("a+")).toBeNull();
    expect(
      fits(ruleDefinition.parse({ all: [{ kind: "regex", in: "body", pattern: "(" }] }), MAIL),
    ).toBe(false);
  });
});

describe("judge()", () => {
  const NOW = new Date("2026-06-03T20:31:00Z");
  const account = { quiet: null, digestAt: 480, pings: false };

  test("takes the first rule that fits, and tells nothing without one", () => {
    const rules = [
      rule({ id: 1, isEnabled: false }),
      rule({ id: 2, definition: ruleDefinition.parse({ all: [{ kind: "dmarc", is: ["fail"] }] }) }),
      rule({ id: 3, importance: "urgent", pings: true }),
      rule({ id: 4 }),
    ];

    expect(judge(account, rules, MAIL, NOW)).toMatchObject({
      action: "alert",
      ruleId: 3,
      importance: "urgent",
      pings: true,
      dueAt: NOW,
    });
    expect(judge(account, rules.slice(0, 2), MAIL, NOW)).toMatchObject({ action: "none" });
  });

  test("puts what came long ago into a digest", () => {
    const late = new Date(NOW.getTime() + 7 * 3_600_000);

    expect(judge(account, [rule({})], MAIL, late)).toMatchObject({ action: "digest", dueAt: late });
  });

  test("waits for the end of quiet hours, and for the digest's time", () => {
    const quiet = { ...account, quiet: { from: 22 * 60, to: 7 * 60 } };

    expect(judge(quiet, [rule({})], MAIL, NOW).dueAt).toEqual(new Date("2026-06-04T05:00:00Z"));
    expect(judge(account, [rule({ action: "digest" })], MAIL, NOW).dueAt).toEqual(
      new Date("2026-06-04T06:00:00Z"),
    );
  });
});

describe("quiet hours", () => {
  const night = { quiet: { from: 22 * 60, to: 7 * 60 } };
  const at = (time: string) => alertDueAt(night, "Europe/Berlin", new Date(time)).toISOString();

  test("hold over midnight, on the owner's clock, and end at their end", () => {
    expect(at("2026-06-03T19:59:59Z")).toBe("2026-06-03T19:59:59.000Z");
    expect(at("2026-06-03T20:00:00Z")).toBe("2026-06-04T05:00:00.000Z");
    expect(at("2026-06-04T04:59:00Z")).toBe("2026-06-04T05:00:00.000Z");
    expect(at("2026-06-04T05:00:00Z")).toBe("2026-06-04T05:00:00.000Z");
  });

  test("end on the clock also in nights when the clock is changed", () => {
    expect(at("2026-03-28T23:00:00Z")).toBe("2026-03-29T05:00:00.000Z");
    expect(at("2026-10-24T22:00:00Z")).toBe("2026-10-25T06:00:00.000Z");
  });

  test("that end in an hour which the clock leaves out end all the same", () => {
    const due = nextAt(2 * 60 + 30, "Europe/Berlin", new Date("2026-03-28T23:00:00Z"));

    expect(due.toISOString()).toBe("2026-03-29T01:30:00.000Z");
  });

  test("a digest that is due now comes tomorrow", () => {
    const due = digestDueAt({ digestAt: 480 }, "UTC", new Date("2026-06-03T08:00:00Z"));

    expect(due.toISOString()).toBe("2026-06-04T08:00:00.000Z");
  });
});

describe("presets", () => {
  const hits = (content: Partial<MailContent>) =>
    PRESETS.filter(({ rule: { definition } }) => fits(definition, mailWith(content))).map(
      ({ name }) => name,
    );
  const PLAIN = { listId: null, subject: "Hi", from: { name: "", address: "x@y.example" } };

  test("the original's five are there, and newsletters", () => {
    expect(PRESETS.map(({ name }) => name)).toEqual([
      "job_hunting",
      "urgent",
      "security",
      "financial",
      "shipping",
      "newsletters",
      "everything",
    ]);
  });

  test.each([
    [{ subject: "Interview with Acme" }, "job_hunting"],
    [{ from: { name: "", address: "no-reply@us.greenhouse-mail.io" } }, "job_hunting"],
    [{ subject: "URGENT: call me" }, "urgent"],
    [{ subject: "Reset your password" }, "security"],
    [{ from: { name: "", address: "service@paypal.com" } }, "financial"],
    [{ subject: "Your package is out for delivery" }, "shipping"],
    [{ listId: "news.example.org" }, "newsletters"],
  ])("%j fits %s", (content, name) => {
    expect(hits({ ...PLAIN, ...content })).toEqual([name, "everything"]);
  });
});

describe("a rule of the original", () => {
  test("is read from its row, JSON in JSON and booleans as words", () => {
    const read = readOriginalRule({
      name: "Boss",
      enabled: "true",
      priority: 20,
      importance: "urgent",
      override_ping: "true",
      rule_definition: JSON.stringify({
        conditions: {
          sender_contains: ["boss"],
          sender_domain: ["example.org"],
          subject_regex: "(?i)now",
          has_attachments: true,
        },
        match_mode: "all",
      }),
    });

    expect(read).toMatchObject({
      kind: "read",
      rule: {
        name: "Boss",
        priority: 20,
        importance: "urgent",
        pings: true,
        isEnabled: true,
        definition: {
          any: [],
          all: [
            { kind: "sender", contains: ["boss"] },
            { kind: "domain", is: ["example.org"] },
            { kind: "regex", in: "subject", pattern: "(?i)now" },
            { kind: "attachment", has: true },
          ],
        },
      },
    });
  });

  test.each([
    [{ name: "x", rule_definition: "no json" }],
    [{ name: "x", rule_definition: { conditions: {} } }],
    [{ name: "x", rule_definition: { conditions: { subject_regex: "(" } } }],
    [null],
  ])("that cannot be one says why: %j", (given) => {
    expect(readOriginalRule(given)).toMatchObject({
      kind: "unreadable",
      why: expect.stringMatching(/\w/),
    });
  });
});
