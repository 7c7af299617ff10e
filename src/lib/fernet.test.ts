import { createCipheriv, createHmac, randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openFernet, toFernetKey, type FernetKey } from "./fernet.ts";

/** Of the specification: https://github.com/fernet/spec, generate.json, verify.json and invalid.json. */
const KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
const GOOD =
  "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";
const BAD = {
  "incorrect mac":
    "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykQUFBQUFBQUFBQQ==",
  "too short": "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPA==",
  "invalid base64":
    "%%%%%%%%%%%%%AECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==",
  "payload size not multiple of block size":
    "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPOm73QeoCk9uGib28Xe5vz6oxq5nmxbx_v7mrfyudzUm",
  "payload padding error":
    "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0ODz4LEpdELGQAad7aNEHbf-JkLPIpuiYRLQ3RtXatOYREu2FWke6CnJNYIbkuKNqOhw==",
  "incorrect IV":
    "gAAAAAAdwJ6xBQECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAkLhFLHpGtDBRLRTZeUfWgHSv49TF2AUEZ1TIvcZjK1zQ==",
} as const;

const key = (): FernetKey => {
  const made = toFernetKey(KEY);
  if (!made) throw new Error("It is a key");
  return made;
};

/** As the specification says, with a timestamp and an IV. */
function seal(text: string, given: FernetKey, at: bigint, iv: Buffer): string {
  const cipher = createCipheriv("aes-128-cbc", given.subarray(16), iv);
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(at);
  const words = Buffer.concat([cipher.update(text), cipher.final()]);
  const signed = Buffer.concat([Buffer.from([0x80]), time, iv, words]);
  const mac = createHmac("sha256", given.subarray(0, 16)).update(signed).digest();
  return Buffer.concat([signed, mac]).toString("base64url");
}

test("the specification's token opens, whenever it was made", () => {
  expect(openFernet(key(), GOOD)?.reveal()).toBe("hello");
});

test("the specification's token is what its time and IV make", () => {
  const iv = Buffer.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);

  expect(seal("hello", key(), 499162800n, iv)).toBe(GOOD.replace(/=+$/, ""));
});

test.each(Object.entries(BAD))("the specification's token with %s does not open", (_, token) => {
  expect(openFernet(key(), token)).toBeNull();
});

test("those that are refused for their age alone open: older Claras never asked for it", () => {
  const future =
    "gAAAAAAdwStRAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAnja1xKYyhd-Y6mSkTOyTGJmw2Xc2a6kBd-iX9b_qXQcw==";
  const later = seal("hello", key(), 1n << 40n, randomBytes(16));

  expect(openFernet(key(), future)?.reveal()).toBe("");
  expect(openFernet(key(), later)?.reveal()).toBe("hello");
});

test("no token with one bit changed opens", () => {
  const bytes = Buffer.from(GOOD, "base64url");
  fc.assert(
    fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(openFernet(key(), changed.toString("base64url"))).toBeNull();
    }),
    { numRuns: 1_000 },
  );
});

test("whatever stands in a row never throws", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(openFernet(key(), text)).toBeNull();
    }),
    { numRuns: 1_000 },
  );
});

test("a key is 32 bytes of base64url and nothing else", () => {
  expect(toFernetKey(KEY.slice(0, -1))).toHaveLength(32);
  expect(toFernetKey("")).toBeNull();
  expect(toFernetKey(KEY.slice(4))).toBeNull();
  expect(toFernetKey(KEY.replace("_", "%"))).toBeNull();
});
