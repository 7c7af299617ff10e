import { inspect } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSealer, newMasterKey, toMasterKey, type MasterKey, type Unsealed } from "./seal.ts";
import { Secret } from "./secret.ts";

const key = (): MasterKey => {
  const made = toMasterKey(newMasterKey());
  if (!made) throw new Error("A new key is a key");
  return made;
};
const revealed = (unsealed: Unsealed) =>
  unsealed.kind === "open" ? unsealed.secret.reveal() : unsealed;

test("what is sealed opens with the same key and binding, whatever it is", () => {
  const sealer = createSealer([key()]);

  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (text, binding) => {
      const well = Buffer.from(text).toString();
      expect(revealed(sealer.unseal(sealer.seal(text, binding), binding))).toBe(well);
    }),
  );
});

test("a secret that is moved to another row or owner does not open", () => {
  const sealer = createSealer([key()]);

  const sealed = sealer.seal("token", "secrets ana discord");

  expect(sealer.unseal(sealed, "secrets ben discord")).toEqual({ kind: "broken" });
});

test("a bit that is changed anywhere never gives other words", () => {
  const sealer = createSealer([key()]);
  const sealed = sealer.seal("token", "row");

  fc.assert(
    fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 0, max: 6 }), (at, bit) => {
      const changed = String.fromCharCode(sealed.charCodeAt(at) ^ (1 << bit));
      const other = sealed.slice(0, at) + changed + sealed.slice(at + 1);
      expect(sealer.unseal(other, "row").kind).not.toBe("open");
    }),
    { numRuns: 1_000 },
  );
});

test("a text that is cut, or no seal at all, is broken", () => {
  const sealer = createSealer([key()]);
  const sealed = sealer.seal("a longer token", "row");

  const cuts = Array.from({ length: 30 }, (_, index) => sealed.slice(0, -index - 1));
  const kinds = [...cuts, "", "v1...", "hello", `${sealed}.x`].map(
    (text) => sealer.unseal(text, "row").kind,
  );

  expect(new Set(kinds)).toEqual(new Set(["broken"]));
});

test("a secret under a key that is not here is locked, and says which key it needs", () => {
  const [old, young] = [key(), key()];
  const sealed = createSealer([old]).seal("token", "row");

  expect(createSealer([young]).unseal(sealed, "row")).toEqual({ kind: "locked", keyId: old.id });
});

test("rewrap() moves a secret to the first key without touching it", () => {
  const [old, young] = [key(), key()];
  const sealed = createSealer([old]).seal("token", "row");

  const moved = createSealer([young, old]).rewrap(sealed, "row") ?? "";

  expect(revealed(createSealer([young]).unseal(moved, "row"))).toBe("token");
  expect(moved.split(".")[3]).toBe(sealed.split(".")[3]);
  expect(createSealer([young]).rewrap(sealed, "row")).toBeNull();
});

test("no two seals of the same words are alike", () => {
  const sealer = createSealer([key()]);

  const sealed = new Set(Array.from({ length: 2_000 }, () => sealer.seal("same", "row")));

  expect(sealed.size).toBe(2_000);
});

test("toMasterKey() takes 32 bytes as base64url, base64 or hex, and nothing else", () => {
  const bytes = Buffer.alloc(32, 7);

  const ids = [bytes.toString("base64url"), bytes.toString("base64"), bytes.toString("hex")].map(
    (text) => toMasterKey(text)?.id,
  );

  expect(new Set(ids).size).toBe(1);
  expect(["", "password", "A".repeat(42), "é".repeat(43)].map(toMasterKey)).toEqual([
    null,
    null,
    null,
    null,
  ]);
});

test("a secret shows itself in no text, log or error", () => {
  const secret = new Secret("hush");

  const seen = [String(secret), JSON.stringify({ secret }), inspect({ a: [secret] })];

  expect(seen.join(" ")).not.toContain("hush");
  expect(secret.reveal()).toBe("hush");
});
