import { expect, onTestFinished, test } from "vitest";
import { openEmbeddedStore } from "../../test/open-test-store.ts";
import { hear, newChannel, newDm, newName } from "../../test/talk.ts";
import { systemClock } from "../core/clock.ts";
import { createBudgets } from "./budgets.ts";
import { createOwnSettings } from "./own-settings.ts";

async function start() {
  const store = await openEmbeddedStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  // It stands still: nothing is forgotten by itself.
  const clock = { now: () => new Date(0), elapsedMs: () => 0 };
  const ownSettings = createOwnSettings({ settings: store.settings, clock });
  const place = newChannel();
  const name = newName("ana");
  await hear(store, place.message(name, "hello"));
  return { store, ownSettings, place, scope: place.scope(name) };
}

test("a limit that a person, a channel or a server has set holds for every call, also those that nobody waits for", async () => {
  const { store, ownSettings, place, scope } = await start();
  const { ledger, settings } = store;
  const { id } = place.conversation;
  const budgets = createBudgets(
    { ledger, clock: systemClock, ownLimits: ownSettings.limits },
    { limits: [], timeZone: "UTC" },
  );
  const usage = {
    inputTokens: 1,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 1,
    costUsd: 0.5,
    estimated: false,
  };
  const cost = { provider: "p", model: "m", usage };
  await ledger.charge(scope, id, { purpose: "memory", turnId: null, cost });

  expect(await budgets.allow(scope, id)).toBe(true);
  await settings.change(scope, place.conversation, "guild", { dailyUsd: 0.4 });
  ownSettings.changed();

  expect(await budgets.allow(scope, id)).toBe(false);
  expect(await budgets.left(scope, id)).toMatchObject([
    { limit: { holder: "guild", limit: 0.4 }, spent: 0.5 },
  ]);
});

test("of the budgets of a member's roles the most generous holds, for what he spends in that server", async () => {
  const { store, ownSettings, place, scope } = await start();
  const { id } = place.conversation;
  const guild = place.conversation.guildId?.slice("discord:".length) ?? "";
  const roleUsd = { "11": 1, "12": 3, "13": 9, [guild]: 2 };
  await store.settings.change(scope, place.conversation, "guild", { roleUsd });
  const withRoles = (...roleIds: string[]) => ({
    ...scope,
    principal: { ...scope.principal, roleIds },
  });
  const limitOf = async (...roleIds: string[]) =>
    (await ownSettings.limits(withRoles(...roleIds), id)).map(({ holder, limit }) => [
      holder,
      limit,
    ]);
  const usage = {
    inputTokens: 1,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 1,
    costUsd: 2.5,
    estimated: false,
  };
  const cost = { provider: "p", model: "m", usage };
  const dm = newDm(scope.principal.displayName);
  await hear(store, dm.message(scope.principal.displayName, "hello"));
  await store.ledger.charge(dm.scope(scope.principal.displayName), dm.conversation.id, {
    purpose: "memory",
    turnId: null,
    cost,
  });
  await store.ledger.charge(scope, id, { purpose: "memory", turnId: null, cost });
  const budgets = createBudgets(
    { ledger: store.ledger, clock: systemClock, ownLimits: ownSettings.limits },
    { limits: [], timeZone: "UTC" },
  );

  expect(await limitOf("11", "12")).toEqual([["member", 3]]);
  expect(await limitOf("11")).toEqual([["member", 2]]);
  expect(await budgets.left(withRoles("12"), id)).toMatchObject([{ spent: 2.5 }]);
  expect(await budgets.allow(withRoles("12"), id)).toBe(true);
  expect(await budgets.allow(withRoles("11"), id)).toBe(false);
});

test("of a conversation that the scope does not see, only the person's own settings count", async () => {
  const { store, ownSettings, place, scope } = await start();
  const other = newChannel();
  await store.settings.change(scope, place.conversation, "channel", { dailyUsd: 1 });
  const elsewhere = other.scope(newName("ben"));
  await store.settings.change(elsewhere, other.conversation, "person", { dailyUsd: 3 });

  expect(await ownSettings.limits(elsewhere, place.conversation.id)).toEqual([
    { holder: "person", unit: "usd", limit: 3 },
  ]);
});

test("what is known is asked again after a change, and not before", async () => {
  const { store, ownSettings, place, scope } = await start();
  await ownSettings.of(scope, place.conversation);
  await store.settings.change(scope, place.conversation, "person", { language: "German" });

  expect((await ownSettings.of(scope, place.conversation)).language).toBeNull();
  ownSettings.changed();

  expect((await ownSettings.of(scope, place.conversation)).language).toBe("German");
});
