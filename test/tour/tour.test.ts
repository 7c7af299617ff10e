import { readFile } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import type { Backups } from "../../src/core/backup.ts";
import type { GoogleConnection } from "../../src/core/google.ts";
import { startFakeDiscord } from "../fake-discord/index.ts";
import { objects } from "../fake-discord/forms/form.ts";
import { commandsAreThere, openDiscord } from "../open-discord.ts";

const unconnected: GoogleConnection = {
  link: async () => "https://clara.example",
  status: async () => ({ kind: "nothing" }),
  disconnect: async () => ({ kind: "nothing" }),
  allowHere: async () => false,
};

const noCopies: Backups = {
  make: () => Promise.reject(new Error("There is nowhere to put it")),
  list: async () => [],
  state: () => ({ where: "nowhere", nextAt: null, keptDays: 1, isRunning: false, lastTry: null }),
};

/** As people run and choose them: `/memory list`, `Apps → Remind me`. */
async function everythingToRun(): Promise<readonly string[]> {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  await openDiscord(discord, {}, null, { google: unconnected, backups: noCopies });
  await commandsAreThere(discord);
  const [registered] = discord.journal.rest({ method: "PUT" });
  return objects(registered?.body).flatMap(({ name, type, options }) =>
    type === 1
      ? objects(options).map((option) => `/${String(name)} ${String(option["name"])}`)
      : [`Apps → ${String(name)}`],
  );
}

// Playing it takes a minute: `npm run tour -- --check` does that.
test("docs/tour.md has every command and every menu", async () => {
  const tour = await readFile(new URL("../../docs/tour.md", import.meta.url), "utf8");

  const all = await everythingToRun();

  expect(all.length).toBeGreaterThan(30);
  // As a run of its own: `/clara info` is not there because an answer speaks of it.
  expect(all.filter((each) => !tour.match(`(runs|chooses) ${each}( |$|\n)`))).toEqual([]);
});
