import { expect, test } from "vitest";
import { isPassing, toFailure } from "./failure.ts";

test("what ran into a bound of time is no bug, and another try may help", () => {
  const failure = toFailure(new DOMException("The operation timed out", "TimeoutError"));

  expect(failure.code).toBe("UPSTREAM_TIMEOUT");
  expect(isPassing(failure)).toBe(true);
});

test("what was thrown by mistake tells nothing of itself", () => {
  const failure = toFailure(new TypeError("a secret of ours"));

  expect(failure).toMatchObject({ code: "INTERNAL_ERROR" });
  expect(failure.message).not.toContain("secret");
});
