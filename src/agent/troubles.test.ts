import { expect, test } from "vitest";
import { createTroubles } from "./troubles.ts";

test("troubles are named, one after the other", async () => {
  const ping = async () => {
    throw new Error("away");
  };
  const troubles = createTroubles({ ping, modelHealth: { isAway: () => true } });

  expect(await troubles()).toEqual([
    "My database does not answer",
    "My language model does not answer",
  ]);
});

test("there are no troubles when all is well", async () => {
  const troubles = createTroubles({ ping: async () => {}, modelHealth: { isAway: () => false } });

  expect(await troubles()).toEqual([]);
});
