import { expect, test } from "vitest";
import { readDecision } from "./typed-decision.ts";

test.each([
  ["/approve", { id: null, choice: "once" }],
  ["/approve 0123456789abcdef", { id: "0123456789abcdef", choice: "once" }],
  [" /APPROVE 0123456789ABCDEF always ", { id: "0123456789abcdef", choice: "always" }],
  ["/approve conversation", { id: null, choice: "conversation" }],
  ["/deny 0123456789abcdef", { id: "0123456789abcdef", choice: "deny" }],
  ["/deny always", { id: null, choice: "deny" }],
  ["/approve everything", null],
  ["please /approve", null],
  ["/approve 0123", null],
])("readDecision(%j) is %j", (line, decision) => {
  expect(readDecision(line)).toEqual(decision);
});
