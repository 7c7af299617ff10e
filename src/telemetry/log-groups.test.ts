import { expect, test } from "vitest";
import type { LogEntry } from "../core/log-entries.ts";
import type { JsonObject } from "../core/model.ts";
import { createGroups } from "./log-groups.ts";

const entry = (event: string, fields: JsonObject = {}): LogEntry => ({
  at: new Date(0),
  level: "warn",
  event,
  room: "discord",
  fields,
});

test("a line has ids, figures and codes, and nobody's words", () => {
  const groups = createGroups();
  groups.add({
    ...entry("model-failed", {
      turnId: "turn:discord:1",
      attempts: 3,
      isLast: true,
      why: "what Ana said",
      nothing: null,
      list: ["a"],
      error: { type: "ModelError", message: "she said hello", code: 500, stack: "at ..." },
    }),
    level: "error",
    room: null,
  });

  expect(groups.draw()?.text).toBe(
    "ERROR house model-failed turnId=turn:discord:1 attempts=3 isLast=true error=ModelError:500",
  );
});

test("the same thing is one line however often it was said, and many things are several messages", () => {
  const groups = createGroups();
  for (let index = 0; index < 15; index++) groups.add(entry(`event-${index}`));
  for (let index = 0; index < 9; index++) groups.add(entry("event-0", { index }));

  const first = groups.draw();
  const second = groups.draw();

  expect(first?.text.split("\n")).toHaveLength(10);
  expect(first?.text).toContain("WARNING discord event-0 (10 times)");
  expect([first?.count, second?.count, groups.draw()]).toEqual([19, 5, null]);
});

test("a flood of different things is cut, counted, and fits into one message", () => {
  const groups = createGroups();
  const fields = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`field${index}`, "x".repeat(80)]),
  );
  for (let index = 0; index < 1_000; index++) groups.add(entry(`event-${index}`, fields));

  const first = groups.draw();

  expect(first?.text).toContain("and 980 more, which the log has");
  expect(first?.text.length).toBeLessThan(1_900);
});
