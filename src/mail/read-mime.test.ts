import { describe, expect, test } from "vitest";
import { createMimeThread } from "./mime-thread.ts";
import { readAttachment, readMime } from "./read-mime.ts";
import { headOf } from "./parse-mime.ts";

const ALIVE = new AbortController().signal;
const NOBODY = { names: [], isFirst: true };
const bytes = (...lines: readonly string[]) => Buffer.from(lines.join("\r\n"), "latin1");

const readKept = createMimeThread();

async function read(...lines: readonly string[]) {
  const [mail] = await readKept([bytes(...lines)], NOBODY, ALIVE);
  return mail ?? null;
}
const html = (body: string) =>
  read("From: a@b.example", "Content-Type: text/html; charset=utf-8", "", body);

describe("a malformed mail", () => {
  test("of 200 parts within parts is read to its words", async () => {
    const open = Array.from({ length: 200 }, (_, depth) => [
      `Content-Type: multipart/mixed; boundary="b${depth}"`,
      "",
      `--b${depth}`,
    ]).flat();

    const mail = await read(
      "From: a@b.example",
      ...open,
      "Content-Type: text/plain",
      "",
      "at last",
    );

    expect(mail?.text.trim()).toBe("at last");
  });

  test("of 1,000 parts within parts cannot be read, and says whose it is", async () => {
    const open = Array.from({ length: 1_000 }, (_, depth) => [
      `Content-Type: multipart/mixed; boundary="b${depth}"`,
      "",
      `--b${depth}`,
    ]).flat();
    const source = ["From: Eve <eve@evil.example>", "Subject: nested", ...open, "", "deep"];

    expect(await read(...source)).toBeNull();
    expect(headOf(bytes(...source))).toEqual({
      from: { name: "Eve", address: "eve@evil.example" },
      subject: "nested",
    });
  });

  test("without an end of its parts, or with none at all, keeps what there is", async () => {
    const broken = await read(
      "From: a@b.example",
      "Content-Type: multipart/mixed; boundary=x",
      "",
      "--x",
      "Content-Type: text/plain",
      "",
      "half a ma",
    );
    const none = await read(
      "From: a@b.example",
      "Content-Type: multipart/mixed",
      "",
      "no boundary",
    );

    expect(broken?.text.trim()).toBe("half a ma");
    expect(none).not.toBeNull();
  });

  test("with a head of 1 MB is read within bounds", async () => {
    const mail = await read(
      "From: a@b.example",
      `X-Long: ${"x".repeat(1_000_000)}`,
      "Subject: still here",
      "",
      "hello",
    );

    expect(mail?.subject).toBe("still here");
  });

  test("of an unknown charset is read, and so is an encoded subject that is broken", async () => {
    const mail = await read(
      "From: a@b.example",
      "Subject: =?x-klingon?B?4pmh?= =?utf-8?Q?half",
      "Content-Type: text/plain; charset=x-klingon",
      "",
      "words",
    );

    expect(mail?.text).toContain("words");
    expect(typeof mail?.subject).toBe("string");
  });

  test("shows a subject that turns round as it is, on one line", async () => {
    const mail = await read(
      `From: a@b.example`,
      "Subject: =?utf-8?B?4oCuZXhlLmdwaiBhbmQgbW9yZQ==?=",
      "",
      "",
    );

    expect(mail?.subject).toBe("exe.gpj and more");
  });

  test("without sender, date and words is a mail all the same", async () => {
    expect(await read("X: y", "", "")).toMatchObject({
      from: { name: "", address: "" },
      date: null,
      text: "",
      messageId: null,
    });
  });

  test("with two senders says so, and groups are unfolded", async () => {
    const mail = await read(
      "From: a@b.example",
      "From: c@d.example",
      "To: Friends: x@y.example, z@y.example;",
      "Date: Thu, 01 Jan 2099 00:00:00 +0000",
      "",
      "\0hello",
    );

    expect(mail).toMatchObject({ hasManyFrom: true, date: "2099-01-01T00:00:00.000Z" });
    expect(mail?.to.map(({ address }) => address)).toEqual(["x@y.example", "z@y.example"]);
  });
});

describe("a thread that is kept", () => {
  const letter = (words: string) => bytes("From: a@b.example", "", words);

  test("reads one batch after the other, also several at once", async () => {
    const own = createMimeThread();

    const all = await Promise.all([
      own([letter("one"), letter("two")], NOBODY, ALIVE),
      own([letter("three")], NOBODY, ALIVE),
      own([], NOBODY, ALIVE),
    ]);

    expect(all.map((each) => each.map((mail) => mail?.text.trim()))).toEqual([
      ["one", "two"],
      ["three"],
      [],
    ]);
  });

  test("goes on with the next mails when it was stopped in between", async () => {
    const own = createMimeThread();
    const stopping = new AbortController();

    const stopped = own([letter("one")], NOBODY, stopping.signal);
    stopping.abort();
    await expect(stopped).rejects.toThrow(/abort/);

    expect(await own([letter("two")], NOBODY, ALIVE)).toMatchObject([
      { from: { address: "a@b.example" } },
    ]);
  });
});

describe("attachments", () => {
  const part = (name: string, type = "application/octet-stream") => [
    "--x",
    `Content-Type: ${type}; name="${name}"`,
    `Content-Disposition: attachment; filename="${name}"`,
    "",
    "MZ",
  ];
  const source = [
    "From: a@b.example",
    "Content-Type: multipart/mixed; boundary=x",
    "",
    ...part("../../etc/passwd"),
    ...part("invoice\u202efdp.exe"),
    ...part("winmail.dat", "application/ms-tnef"),
    ...part(""),
    "--x--",
  ];

  test("are named harmlessly, and not opened", async () => {
    const mail = await read(...source);

    expect(mail?.attachments.map(({ name }) => name)).toEqual([
      "passwd",
      expect.stringMatching(/^invoice.*exe$/),
      "winmail.dat",
      "without a name",
    ]);
  });

  test("are given by their place, when somebody asks for one", async () => {
    const file = await readAttachment(bytes(...source), 2, ALIVE);

    expect(file).toMatchObject({ name: "winmail.dat", contentType: "application/ms-tnef" });
    expect(Buffer.from(file?.content ?? []).toString()).toContain("MZ");
    expect(await readAttachment(bytes(...source), 9, ALIVE)).toBeNull();
  });
});

describe("HTML", () => {
  test("becomes what a person sees: no scripts, no styles, no trackers", async () => {
    const mail = await html(
      '<head><title>t</title><style>p{}</style></head><p>Hello<script>alert(1)</script></p><img src="https://t.example/1.gif" width="1" height="1"><img src="https://t.example/cat.png" alt="a cat"><meta http-equiv="refresh" content="0;url=https://evil.example"><a href="https://evil.example/x">your bank</a> <a href="javascript:alert(1)">click</a>',
    );

    expect(mail?.text).toBe("Hello\n[picture: a cat]your bank (https://evil.example/x) click");
    expect(mail?.hidesWords).toBe(false);
  });

  test.each([
    '<p style="display: none">secret</p>',
    '<span style="font-size:0">secret</span>',
    '<span style="color:#ffffff">secret</span>',
    '<div style="background:#123456;color:#123456">secret</div>',
    '<div style="opacity:0"><p>secret</p></div>',
    '<div style="position:absolute;left:-9999px">secret</div>',
    "<p hidden>secret</p>",
  ])("says that words are hidden, and leaves them out: %s", async (body) => {
    const mail = await html(`<p>seen</p>${body}<p>end</p>`);

    expect(mail?.text).not.toContain("secret");
    expect(mail?.text).toMatch(/^seen[^]*end$/);
    expect(mail?.hidesWords).toBe(true);
  });

  test("loses letters that nobody sees", async () => {
    const mail = await html(
      `<p>a\u{E0041}\u200Bb</p>`
        .replace(/./gsu, (sign) => `&#${sign.codePointAt(0) ?? 0};`)
        .replace(/&#(60|62|47|112);/g, (_, code) => String.fromCharCode(Number(code))),
    );

    expect(mail?.text).toBe("ab");
  });

  test("of 20,000 open elements does not take the reader down", async () => {
    const mail = await html(`${"<div>".repeat(20_000)}deep`);

    expect(mail?.text).toBe("deep");
  });
});

describe("the sender's proof", () => {
  const said = (by: string) =>
    `Authentication-Results: ${by}; spf=pass; dmarc=pass header.from=b.example`;
  const dmarc = async (names: readonly string[], isFirst: boolean, ...lines: readonly string[]) => {
    const trusted = { names, isFirst };
    const [mail] = await readMime([bytes(...lines, "From: a@b.example", "", "x")], trusted, ALIVE);
    return mail?.dmarc;
  };

  test("is believed of the own server, above all others", async () => {
    expect(await dmarc(["mx.own.example"], true, said("mx.own.example"), "Received: by x")).toBe(
      "pass",
    );
  });

  test("is not believed of another server, nor from below a server on the way", async () => {
    expect(await dmarc(["mx.own.example"], true, said("mx.evil.example"))).toBe("unknown");
    expect(await dmarc(["mx.own.example"], true, "Received: by x", said("mx.own.example"))).toBe(
      "unknown",
    );
    expect(await dmarc(["own.example"], true, said("evilown.example"))).toBe("unknown");
  });

  test("is the topmost line's, where a provider takes out what pretends to be its own", async () => {
    const fails = "Authentication-Results: mx.google.com; dmarc=fail header.from=b.example";

    expect(
      await dmarc(["mx.google.com"], false, "Received: by x", fails, said("mx.google.com")),
    ).toBe("fail");
  });
});
