import { expect, test } from "vitest";
import { silentLog } from "../core/log.ts";
import { createPatience } from "./patience.ts";

const away = async (): Promise<never> => {
  throw new Error("connection refused");
};
const broken = async (): Promise<never> => {
  throw new Error("never");
};

test("what works is given back", async () => {
  const patience = createPatience({ inbox: { watermarks: away }, log: silentLog });

  expect(await patience("1", async () => 7)).toBe(7);
});

test("without a database nothing is ever given up", async () => {
  const patience = createPatience({ inbox: { watermarks: away }, log: silentLog });

  for (let attempt = 0; attempt < 50; attempt++)
    await expect(patience("1", broken)).rejects.toThrow("never");
});

test("what the database refuses eight times is given up, with an error in the log", async () => {
  const errors: string[] = [];
  const log = { ...silentLog, error: (_: object, event: string) => void errors.push(event) };
  const patience = createPatience({ inbox: { watermarks: async () => [] }, log });

  for (let attempt = 1; attempt < 8; attempt++) {
    await expect(patience("1", broken)).rejects.toThrow("never");
    await expect(patience("2", broken)).rejects.toThrow("never");
  }

  expect(await patience("1", broken)).toBeNull();
  expect(errors).toEqual(["given-up"]);
});
