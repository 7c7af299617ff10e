import { GatewayOpcodes } from "discord-api-types/v10";
import { expect, onTestFinished, test } from "vitest";
import { startFakeDiscord } from "../../test/fake-discord/index.ts";
import { goOnline } from "../../test/open-discord.ts";
import { silentLog } from "../core/log.ts";
import { createPresence } from "./presence.ts";

function setUp() {
  const shown: string[] = [];
  const state = { troubles: [] as string[], now: 0, isOffline: false };
  const presence = createPresence({
    troubles: async () => state.troubles,
    show(status) {
      if (state.isOffline) throw new Error("offline");
      shown.push(status);
    },
    clock: { elapsedMs: () => state.now },
    log: silentLog,
  });
  return { shown, state, presence };
}

test("check() shows nothing while all is well, and a change once", async () => {
  const { shown, state, presence } = setUp();
  await presence.check();
  state.troubles = ["My database does not answer"];

  await presence.check();
  state.now += 60_000;
  await presence.check();

  expect(shown).toEqual(["My database does not answer"]);
});

test("check() shows that all is well again, but not at once", async () => {
  const { shown, state, presence } = setUp();
  state.troubles = ["a", "b"];
  await presence.check();
  state.troubles = [];

  await presence.check();
  const soon = [...shown];
  state.now += 20_000;
  await presence.check();

  expect([soon, shown]).toEqual([["a; b"], ["a; b", ""]]);
});

test("check() shows it again in a new session, and when it could not be shown", async () => {
  const { shown, state, presence } = setUp();
  state.troubles = ["a"];
  state.isOffline = true;
  await presence.check();
  state.isOffline = false;
  await presence.check();
  presence.forget();
  state.now += 20_000;

  await presence.check();

  expect(shown).toEqual(["a", "a"]);
});

test("check() keeps to the length of a status", async () => {
  const { shown, state, presence } = setUp();
  state.troubles = ["x".repeat(500)];

  await presence.check();

  expect(shown[0]).toHaveLength(128);
});

test("trouble is shown at Discord as soon as she is online, and nothing when all is well", async () => {
  const [ill, well] = [await startFakeDiscord(), await startFakeDiscord()];
  onTestFinished(() => ill[Symbol.asyncDispose]());
  onTestFinished(() => well[Symbol.asyncDispose]());
  const changes = ({ journal }: typeof ill) =>
    journal.gateway({ op: GatewayOpcodes.PresenceUpdate }).length;

  await goOnline(ill, {}, null, { troubles: async () => ["My database does not answer"] });
  await goOnline(well);

  await expect.poll(() => changes(ill)).toBe(1);
  expect(changes(well)).toBe(0);
});
