import { expect, test } from "vitest";
import { createSecretCheck, tellsSecret } from "./told-secret.ts";

test.each([
  "My password is hunter2",
  "The wifi password at the office is Sunflower-2024.",
  "User's PIN is 4711",
  "API key: 8f14e45fceea167a",
  "passwort: geheim123",
  "Das Passwort für die Bank lautet Rosengarten7",
  "Kata sandi saya adalah rahasia99",
  'The access token is "abc.def"',
  "my pw = swordfish",
  "Door code is 0815",
])("a told secret is seen: %s", (text) => {
  expect(tellsSecret(text)).toBe(true);
});

test.each([
  "My password manager is Bitwarden",
  "Forgot the password of the router",
  "The password is too short",
  "My password is stored in a vault",
  "Collects pins from Olympic games",
  "Likes tea. The token economy is a hobby",
  "Compass: north",
  "Has to pass the exam in May",
])("speaking of one is no secret: %s", (text) => {
  expect(tellsSecret(text)).toBe(false);
});

test("what somebody asked to be kept may be a password, and never a key of the house", () => {
  const holdsSecret = createSecretCheck(() => ["correct-horse-battery"]);

  expect(holdsSecret("Ben's password is swordfish")).toBe(true);
  expect(holdsSecret("Ben's password is swordfish", true)).toBe(false);
  expect(holdsSecret("Says correct-horse-battery at the door", true)).toBe(true);
});

test("a secret of the house and a maker's key are seen without a word about them", () => {
  const holdsSecret = createSecretCheck(() => ["correct-horse-battery"]);

  expect(holdsSecret("Says correct-horse-battery at the door")).toBe(true);
  expect(holdsSecret("Uses ghp_0123456789abcdefghijABCDEFGHIJ012345 at work")).toBe(true);
  expect(holdsSecret("Says hello at the door")).toBe(false);
});
