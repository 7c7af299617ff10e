import { expect, test } from "vitest";
import { parseTierPrefix } from "./tier-prefix.ts";

test.each([
  ["!high solve this", "high", "solve this"],
  ["!opus solve this", "high", "solve this"],
  ["!mid hello", "mid", "hello"],
  ["!sonnet hello", "mid", "hello"],
  ["!low hello", "low", "hello"],
  ["!haiku hello", "low", "hello"],
  ["!fast hello", "low", "hello"],
  ["  !HIGH\nhello", "high", "hello"],
  ["!high", "high", ""],
])("parseTierPrefix() takes %j for the tier %s", (text, tier, rest) => {
  expect(parseTierPrefix(text)).toEqual({ tier, text: rest });
});

test.each(["hello", "be !high", "!highly", "!constructor x", "! high x", "!high! x", ""])(
  "parseTierPrefix() leaves %j as it is",
  (text) => {
    expect(parseTierPrefix(text)).toEqual({ tier: null, text });
  },
);
