import { expect, test } from "vitest";
import { createLog } from "./log.ts";

const known = ["s3cret", "s3cret-and-more"];

const setUp = (level: "info" | "silent" = "info") => {
  const lines: string[] = [];
  const log = createLog({ level, secrets: () => known }, { write: (line) => lines.push(line) });
  return { log, lines };
};

test("an event is one JSON line with its fields, its name and the time", () => {
  const { log, lines } = setUp();

  log.child({ room: "discord" }).info({ turnId: "turn:1", steps: 2 }, "turn-end");
  log.debug({}, "not-shown");

  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    level: 30,
    room: "discord",
    turnId: "turn:1",
    steps: 2,
    msg: "turn-end",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
});

test("an error is written with its stack, and secrets are taken out of it", () => {
  const { log, lines } = setUp();

  log.error({ error: new Error("bad key s3cret-and-more for s3cret") }, "failed");

  const { error } = JSON.parse(lines[0] ?? "") as { error: { message: string; stack: string } };
  expect(error.message).toBe("bad key [secret] for [secret]");
  expect(error.stack).toMatch(/log\.test\.ts/);
  expect(lines[0]).not.toContain("s3cret");
});

test("a silent log says nothing", () => {
  const { log, lines } = setUp("silent");

  log.error({}, "failed");

  expect(lines).toEqual([]);
});
