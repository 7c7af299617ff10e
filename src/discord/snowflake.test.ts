import { expect, test } from "vitest";
import {
  isAfter,
  justBefore,
  sentAtOf,
  snowflakeAt,
  snowflakeOf,
  toConversationId,
} from "./snowflake.ts";

// The example of Discord's own documentation.
const EXAMPLE = "175928847299117063";

test("an id tells when it was given out, and a time the least id of that moment", () => {
  const at = new Date("2016-04-30T11:18:25.796Z");

  expect(sentAtOf(EXAMPLE)).toEqual(at);
  expect(sentAtOf(snowflakeAt(at))).toEqual(at);
  expect(isAfter(EXAMPLE, snowflakeAt(at))).toBe(true);
  expect(isAfter(EXAMPLE, snowflakeAt(new Date(at.getTime() + 1)))).toBe(false);
});

test("ids are compared as numbers, not as text", () => {
  expect(isAfter("10", "9")).toBe(true);
  expect(isAfter("9", "10")).toBe(false);
  expect(isAfter(EXAMPLE, EXAMPLE)).toBe(false);
  expect(isAfter(EXAMPLE, justBefore(EXAMPLE))).toBe(true);
});

test("Discord's id is found again in ours", () => {
  expect(snowflakeOf(toConversationId(EXAMPLE))).toBe(EXAMPLE);
});
