import { expect, test } from "vitest";
import { createTurns } from "./in-turn.ts";

const { signal } = new AbortController();

test("no more than so many run at a time, and the others follow in their order", async () => {
  const inTurn = createTurns(2, 60_000);
  const log: string[] = [];
  const doors = new Map(["a", "b", "c"].map((name) => [name, Promise.withResolvers<void>()]));
  const work = (name: string) =>
    inTurn(async () => {
      log.push(name);
      await doors.get(name)?.promise;
    }, signal);

  const all = [work("a"), work("b"), work("c")];
  await Promise.resolve();
  const before = [...log];
  doors.get("b")?.resolve();
  await all[1];
  doors.get("a")?.resolve();
  doors.get("c")?.resolve();
  await Promise.all(all);

  expect(before).toEqual(["a", "b"]);
  expect(log).toEqual(["a", "b", "c"]);
});

test("who goes away while he waits takes nobody's place", async () => {
  const inTurn = createTurns(1, 60_000);
  const door = Promise.withResolvers<void>();
  const leaving = new AbortController();
  const first = inTurn(() => door.promise, signal);
  const second = inTurn(async () => "second", leaving.signal);
  const third = inTurn(async () => "third", signal);

  leaving.abort(new Error("left"));
  door.resolve();

  await expect(second).rejects.toThrow("left");
  await first;
  expect(await third).toBe("third");
});

test("what fails gives its place to the next", async () => {
  const inTurn = createTurns(1, 60_000);

  await expect(inTurn(() => Promise.reject(new Error("broken")), signal)).rejects.toThrow("broken");

  expect(await inTurn(async () => "next", signal)).toBe("next");
});

test("what takes long goes on without its place, and gives it back once", async () => {
  const inTurn = createTurns(1, 10);
  const door = Promise.withResolvers<string>();

  const slow = inTurn(() => door.promise, signal);
  const next = await inTurn(async () => "next", signal);
  door.resolve("slow");

  expect(next).toBe("next");
  expect(await slow).toBe("slow");
  expect(await inTurn(async () => "after", signal)).toBe("after");
});
