import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSecretFilter, REMOVED } from "./secret-filter.ts";

const secret = "Zx9-Quiet_Harbour.42";
const known = [secret, "hunter2", "postgres", "a long passphrase in words"];
const filter = createSecretFilter(() => known);

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("the filter removes a known secret", () => {
  test.each([
    ["as it is", secret],
    ["in capitals", secret.toUpperCase()],
    ["backwards", secret.split("").toReversed().join("")],
    ["in base64", base64(secret).replace(/=+$/, "")],
    ["in base64 for addresses", Buffer.from(secret).toString("base64url")],
    ["in base64 behind one letter", base64(`a${secret}`)],
    ["in base64 behind two letters", base64(`ab${secret}!`)],
    ["in base64 within a sentence", base64(`the key is ${secret}, is it not`)],
    ["in hexadecimal", Buffer.from(secret).toString("hex")],
    ["in an address", encodeURIComponent(secret)],
    ["in JSON", JSON.stringify(secret).slice(1, -1)],
    ["with blanks between its letters", secret.split("").join(" ")],
    ["over several lines", secret.split("").join("\n")],
    ["in bold pieces", secret.replace("Quiet", "**Quiet**")],
    ["with letters without width in it", secret.split("").join("\u200b")],
    ["as code", `\`${secret}\``],
  ])("%s", (_, written) => {
    const shown = filter.whole(`It is ${written} they say.`);

    expect(shown).toContain(REMOVED);
    expect(shown.replace(/\W/g, "").toLowerCase()).not.toContain(
      written.replace(/\W/g, "").toLowerCase(),
    );
    expect(shown).toMatch(/^It is .*they say\.$/s);
  });

  test("twice, and again right behind itself", () => {
    expect(filter.whole(`${secret}${secret} and ${secret}`)).toBe(
      `${REMOVED}${REMOVED} and ${REMOVED}`,
    );
  });
});

test.each([
  ["begins with another", ["Harbour.42", "Harbour.42-and-the-pier"], "Harbour.42-and-the-pier"],
  ["holds another", ["kX81mmzq0", "db://ana:kX81mmzq0@host/x"], "db://ana:kX81mmzq0@host/x"],
  ["overlaps another", ["first-and-then", "and-then-more"], "first-and-then-more"],
])("a secret that %s goes as a whole", (_, secrets, written) => {
  expect(createSecretFilter(() => secrets).whole(`It is ${written} indeed`)).toBe(
    `It is ${REMOVED} indeed`,
  );
});

test("what only begins like a longer secret stays behind the shorter one", () => {
  const { whole } = createSecretFilter(() => ["Harbour.42", "Harbour.42-and-the-pier"]);

  expect(whole("Harbour.42-and-the-bay")).toBe(`${REMOVED}-and-the-bay`);
});

test.each(["hunter2", "I use postgres at home", "Zx9-Quiet_Harbour", "a long passphrase"])(
  "the filter leaves %j alone: too short, too plain, or not the secret",
  (text) => expect(filter.whole(text)).toBe(text),
);

describe("the filter removes what looks like", () => {
  test.each([
    "sk-ant-api03-abcDEF123456ghiJKL789012",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "github_pat_11ABCDEFG0abcdefghijkl",
    "xoxb-123456789012-abcdefghij",
    "AKIAIOSFODNN7EXAMPL3",
    "AIzaSyA1234567890abcdefghijklmnopqrstuv",
    "hvs.CAESIJ1234567890abcdefgh",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w",
    "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs",
    "https://discord.com/api/webhooks/123456/AbCdEf-12345",
    "tvly-dev-1234567890abcdefghij",
  ])("%s", (key) => {
    expect(filter.whole(`Use ${key}, please.`)).toBe(`Use ${REMOVED}, please.`);
  });

  test("a password in an address", () => {
    expect(filter.whole("postgres://ana:kX81mmzq0@db/x")).toBe(`postgres://ana:${REMOVED}@db/x`);
  });

  test("a private key, whatever its length, and nothing behind it", () => {
    const key = `-----BEGIN RSA PRIVATE KEY-----\n${"MIIEow\n".repeat(50)}-----END RSA PRIVATE KEY-----`;

    expect(filter.whole(`Here:\n${key}\nthat was it`)).toBe(`Here:\n${REMOVED}\nthat was it`);
    expect(filter.whole(`Here:\n${key.slice(0, 100)}`)).toBe(`Here:\n${REMOVED}`);
  });
});

test.each([
  "sk-your-api-key-goes-right-here",
  "sk-xxxxxxxxxxxxxxxxxxxxxxxx1",
  "postgresql://user:password@localhost:5432/name",
  "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 in main",
  "550e8400-e29b-41d4-a716-446655440000",
  "const task-list = risk-adjusted-return-on-capital",
  "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
  "```ts\nconst x = `a|b` > 1;\n```\n| a | b |\n|---|---|\n",
])("the filter leaves %j as it is", (text) => expect(filter.whole(text)).toBe(text));

describe("a text that comes in pieces", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      secret,
      secret.slice(0, 9),
      secret.slice(9),
      Buffer.from(secret).toString("hex"),
      "sk-ant-api03-abcDEF123456ghiJKL789012",
      "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
      "-----BEGIN ",
      " ",
      "\n",
      "Hello there. ",
    ),
    fc.string({ maxLength: 5 }),
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

  test("comes out as if it came at once, and nothing is ever taken back", () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(40)), (whole, sizes) => {
        const stream = filter.open();
        let at = 0;
        let shown = "";
        for (const size of sizes) {
          shown += stream.push(whole.slice(at, at + size), false);
          at += size;
          expect(filter.whole(whole).startsWith(shown)).toBe(true);
        }
        expect(shown + stream.push(whole.slice(at), true)).toBe(filter.whole(whole));
      }),
    );
  });

  test("never shows a part of a secret that is long enough to be known", () => {
    const stream = filter.open();
    const shown = `It is ${secret} indeed.`.split("").map((letter) => stream.push(letter, false));

    expect(shown.join("")).toBe(`It is ${REMOVED} `);
  });
});

test.each([
  [`It is ${secret}.`, true],
  [`It is ${Buffer.from(secret).toString("hex")}.`, true],
  ["Use ghp_16C7e42F292c6912E7710c838347Ae178B4a", true],
  [`-----BEGIN PRIVATE KEY-----\nMIIB\n${REMOVED}\n-----END PRIVATE KEY-----`, true],
  [`It was ${REMOVED}, and ${REMOVED}.`, false],
  ["Nothing\u0007 here.", false],
])("the filter tells whether there is a secret in %j: %s", (text, is) =>
  expect(filter.finds(text)).toBe(is),
);
