import { expect, test } from "vitest";
import { findMisspellings } from "./spelling.ts";

const known = new Set(["DISCORD_BOT_TOKEN", "DISCORD_MAX_CHARS", "BOT_NAME", "PORT"]);
const meant = (...names: string[]) =>
  findMisspellings(names, known).map(({ name, meant }) => `${name} -> ${meant}`);

test("a letter too few, too many, wrong or swapped is noticed", () => {
  expect(
    meant("DISCORD_BOT_TOKN", "DISCORD_BOTT_TOKEN", "DISCORD_BAT_TOKEN", "DISCROD_BOT_TOKEN"),
  ).toEqual([
    "DISCORD_BOT_TOKN -> DISCORD_BOT_TOKEN",
    "DISCORD_BOTT_TOKEN -> DISCORD_BOT_TOKEN",
    "DISCORD_BAT_TOKEN -> DISCORD_BOT_TOKEN",
    "DISCROD_BOT_TOKEN -> DISCORD_BOT_TOKEN",
  ]);
});

test("two letters count in a long name and not in a short one", () => {
  expect(meant("DISCORD_MAX_CHRAZ", "HOST_NAME")).toEqual([
    "DISCORD_MAX_CHRAZ -> DISCORD_MAX_CHARS",
  ]);
});

test("known names, short names and names of other programs are no misspellings", () => {
  expect(meant("BOT_NAME", "POST", "PATH", "DISCORD_WEBHOOK_URL", "LANG")).toEqual([]);
});
