import { expect, test } from "vitest";
import { runTogether } from "./run-together.ts";

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));

/** Lives until it is stopped, then writes its name down. */
const lasting = (name: string, ended: string[]) => ({
  run: async (signal: AbortSignal) => {
    if (!signal.aborted) await aborted(signal);
    ended.push(name);
  },
});

test("the signal stops every service, and the last one is waited for", async () => {
  const stop = new AbortController();
  const ended: string[] = [];
  const running = runTogether([lasting("a", ended), lasting("b", ended)], stop.signal);

  stop.abort();
  await running;

  expect(ended).toEqual(["a", "b"]);
});

test("a service that ends by itself takes the others with it, and nothing is wrong", async () => {
  const ended: string[] = [];
  const short = { run: async () => {} };

  await runTogether([short, lasting("a", ended)], new AbortController().signal);

  expect(ended).toEqual(["a"]);
});

test("a service that breaks stops the others, and all that broke is told after they have drained", async () => {
  const ended: string[] = [];
  const broken = { run: () => Promise.reject(new Error("no port")) };
  const brokenAtOnce = {
    run: () => {
      throw new Error("no token");
    },
  };

  const running = runTogether(
    [lasting("a", ended), broken, brokenAtOnce],
    new AbortController().signal,
  );

  await expect(running).rejects.toMatchObject({
    errors: [new Error("no port"), new Error("no token")],
  });
  expect(ended).toEqual(["a"]);
});

test("a signal that fired before stops a service as soon as it starts", async () => {
  const ended: string[] = [];

  await runTogether([lasting("a", ended)], AbortSignal.abort());

  expect(ended).toEqual(["a"]);
});

test("no services are no trouble", async () => {
  await expect(runTogether([], new AbortController().signal)).resolves.toBeUndefined();
});
