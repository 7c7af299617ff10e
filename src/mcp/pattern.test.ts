import { expect, test } from "vitest";
import { costOf } from "./pattern.ts";

test.each(["^[a-z]+$", "^\\d{4}-\\d{2}$", "abc", "^(yes|no)$", "^.{1,20}$"])(
  "%s is fast",
  (pattern) => {
    expect(costOf(pattern)).toBe("fast");
  },
);

test.each(["[a-z]+", "^\\w+@\\w+$", "^(?!x)a", "^(a)\\1$"])(
  "%s may be told, and is not run",
  (pattern) => {
    expect(costOf(pattern)).toBe("slow");
  },
);

test.each(["^(a+)+$", "(a|aa)*$", "(x*)*y", "((a{2,}))+", "(a*){50}", "[", "a".repeat(201)])(
  "%s is unusable",
  (pattern) => {
    expect(costOf(pattern)).toBe("unusable");
  },
);
