import { expect, test } from "vitest";
import { sleep } from "./sleep.ts";

test("sleep() ends early with the signal's own reason", async () => {
  const stop = new AbortController();
  const reason = new Error("a person said stop");

  const sleeping = sleep(60_000, stop.signal);
  stop.abort(reason);

  await expect(sleeping).rejects.toBe(reason);
});

test("sleep() ends by itself", async () => {
  await expect(sleep(1, new AbortController().signal)).resolves.toBeUndefined();
});
