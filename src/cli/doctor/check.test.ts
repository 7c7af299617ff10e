import { expect, test } from "vitest";
import { ok, runChecks } from "./check.ts";

const failing = (error: Error) => ({ name: "failing", run: () => Promise.reject(error) });

test("checks run side by side and are told in their order", async () => {
  const { promise: second, resolve } = Promise.withResolvers<void>();
  const slow = { name: "slow", run: () => second.then(() => ok("fine")) };
  const quick = {
    name: "quick",
    async run() {
      resolve();
      return ok("fine");
    },
  };

  const names = (await runChecks([slow, quick], 5_000)).map(({ name }) => name);

  expect(names).toEqual(["slow", "quick"]);
});

test("a check that never ends, and does not heed its signal, is broken", async () => {
  const deaf = { name: "deaf", run: () => new Promise<never>(() => {}) };

  expect(await runChecks([deaf], 20)).toMatchObject([
    { name: "deaf", verdict: "broken", says: "gave no answer within 0.02 s" },
  ]);
});

test("a check that fails is broken, with the innermost reason", async () => {
  const refused = new AggregateError([new Error("connect ECONNREFUSED 127.0.0.1:1")]);
  const error = new TypeError("fetch failed", { cause: refused });

  expect(await runChecks([failing(error)], 5_000)).toMatchObject([
    { name: "failing", verdict: "broken", says: "connect ECONNREFUSED 127.0.0.1:1" },
  ]);
});
