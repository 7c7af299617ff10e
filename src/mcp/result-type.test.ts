import { expect, test } from "vitest";
import { sayComplete } from "./result-type.ts";

test("a result that does not say what it is, is a whole one; everything else stays as it is", () => {
  const silent = { jsonrpc: "2.0" as const, id: 1, result: { content: [] } };
  const asking = { jsonrpc: "2.0" as const, id: 2, result: { resultType: "input_required" } };
  const failed = { jsonrpc: "2.0" as const, id: 3, error: { code: 1, message: "no" } };

  [silent, asking, failed].forEach(sayComplete);

  expect(silent.result).toEqual({ content: [], resultType: "complete" });
  expect(asking.result).toEqual({ resultType: "input_required" });
  expect(failed).toEqual({ jsonrpc: "2.0", id: 3, error: { code: 1, message: "no" } });
});
