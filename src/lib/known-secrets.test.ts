import { expect, test } from "vitest";
import { createKnownSecrets, madeFrom } from "./known-secrets.ts";
import { createLog } from "./log.ts";
import { createSecretFilter, REMOVED } from "./secret-filter.ts";

test("a secret that becomes known later is taken out of the log and of answers from then on", () => {
  const known = createKnownSecrets(["the-first-one"]);
  const lines: string[] = [];
  const log = createLog(
    { level: "info", secrets: known.all },
    { write: (line) => lines.push(line) },
  );
  const filter = createSecretFilter(known.all);
  expect(filter.whole("It is a-later-one.")).toBe("It is a-later-one.");

  known.add(["a-later-one"]);
  log.error({ error: new Error("bad key a-later-one, not the-first-one") }, "failed");

  expect(lines.join("")).toContain(`bad key ${REMOVED}, not ${REMOVED}`);
  expect(lines.join("")).not.toMatch(/the-first-one|a-later-one/);
  expect(filter.whole("It is a-later-one.")).toBe(`It is ${REMOVED}.`);
});

test("what was known from the start stays known, however many are entered", () => {
  const known = createKnownSecrets(["the-first-one"]);

  for (let index = 0; index < 1_000; index++) known.add([`later-${index}`]);

  expect(known.all()).toHaveLength(201);
  expect(known.all()).toEqual(expect.arrayContaining(["the-first-one", "later-999"]));
});

test("nothing is made anew for what was known already", () => {
  const known = createKnownSecrets(["one"]);
  let made = 0;
  const count = madeFrom(known.all, (all) => (made++, all.length));

  count();
  known.add(["one"]);
  expect([count(), made]).toEqual([1, 1]);

  known.add(["two"]);
  expect([count(), made]).toEqual([2, 2]);
});
