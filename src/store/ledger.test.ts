import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import {
  answered,
  ask,
  newChannel,
  newDm,
  newId,
  newName,
  start,
  type Place,
  type Started,
} from "../../test/talk.ts";
import { conversationId, guildId } from "../core/ids.ts";
import type { BudgetHolder, BudgetLimit } from "../core/stores.ts";
import type { StepCost } from "../core/turn.ts";

const EVER = new Date(0);
const MINUTE_MS = 60_000;
const HOLDERS: readonly BudgetHolder[] = ["person", "channel", "guild", "everyone"];

const cost = (costUsd: number | null): StepCost => ({
  provider: "p",
  model: "m",
  usage: {
    inputTokens: 1,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 1,
    costUsd,
    estimated: false,
  },
});

const upTo = (holder: BudgetHolder, unit: BudgetLimit["unit"], limit: number): BudgetLimit => ({
  holder,
  unit,
  limit,
});

describeStore("ledger", (open) => {
  const store = share(open);
  const begin = async (place: Place, name: string): Promise<Started> =>
    start(store(), await ask(store(), place.message(name, "hello")));
  const pay = async ({ lease }: Started, costUsd: number | null, seq = 0) => {
    const call = { seq, kind: "model", name: "m", effect: "read", input: {} } as const;
    await store().steps.begin(lease, [call]);
    await store().steps.end(lease, seq, {}, cost(costUsd));
  };
  /** A whole turn that costs so much. */
  const spend = async (place: Place, name: string, costUsd: number) => {
    const started = await begin(place, name);
    await pay(started, costUsd);
    await store().turns.finish(started.lease, started.job, answered(null));
  };
  const reserve = (
    { claim: { turn }, lease }: Started,
    limits: readonly BudgetLimit[],
    estimateUsd = 1,
    since = EVER,
  ) => store().ledger.reserve(turn.scope, lease, turn.conversation.id, limits, since, estimateUsd);

  test("each holder has spent its own", async () => {
    const guild = guildId(`discord:${newId()}`);
    const [here, there, abroad] = [newChannel(guild), newChannel(guild), newChannel()];
    const [ana, ben] = [newName("ana"), newName("ben")];
    const everyone = async () =>
      store().ledger.spent(here.scope(ana), here.conversation.id, "everyone", EVER);
    const before = await everyone();
    await spend(here, ana, 1);
    await spend(there, ana, 2);
    await spend(there, ben, 4);
    await spend(abroad, ben, 8);

    const spent = async (place: Place, name: string, holder: BudgetHolder) =>
      store().ledger.spent(place.scope(name), place.conversation.id, holder, EVER);

    expect(await spent(here, ana, "person")).toEqual({ costUsd: 3, turns: 2 });
    expect(await spent(here, ana, "channel")).toEqual({ costUsd: 1, turns: 1 });
    expect(await spent(there, ana, "channel")).toEqual({ costUsd: 6, turns: 2 });
    expect(await spent(here, ana, "guild")).toEqual({ costUsd: 7, turns: 3 });
    expect(await spent(abroad, ben, "person")).toEqual({ costUsd: 12, turns: 2 });
    expect(await everyone()).toEqual({ costUsd: before.costUsd + 15, turns: before.turns + 4 });
  });

  test("a private place has no guild that pays for it", async () => {
    const name = newName("ana");
    const place = newDm(name);
    await spend(place, name, 1);

    const spent = await store().ledger.spent(
      place.scope(name),
      place.conversation.id,
      "guild",
      EVER,
    );

    expect(spent).toEqual({ costUsd: 0, turns: 0 });
  });

  test("what was spent before the day began does not count", async () => {
    const place = newChannel();
    const started = await begin(place, "ana");
    await pay(started, 1);
    const spentSince = (since: Date) =>
      store().ledger.spent(place.scope("ana"), place.conversation.id, "channel", since);

    expect(await spentSince(new Date(Date.now() - MINUTE_MS))).toEqual({ costUsd: 1, turns: 1 });
    expect(await spentSince(new Date(Date.now() + MINUTE_MS))).toEqual({ costUsd: 0, turns: 0 });
  });

  test.each(HOLDERS)("a limit on money that the %s has reached comes back", async (holder) => {
    const place = newChannel();
    const name = newName("ana");
    await spend(place, name, 1_000_000);
    const limit = upTo(holder, "usd", 1_000_000);

    expect(await reserve(await begin(place, newName("ben")), [upTo("person", "usd", 1)])).toBe(
      null,
    );
    expect(await reserve(await begin(newChannel(), name), [limit])).toEqual(
      holder === "person" || holder === "everyone" ? limit : null,
    );
  });

  test("a limit on turns counts the turns before, and never the own one", async () => {
    const place = newChannel();
    const name = newName("ana");
    const limit = upTo("person", "turns", 1);
    const first = await begin(place, name);
    await pay(first, 1);
    await pay(first, 1, 1);
    expect(await reserve(first, [limit])).toBeNull();
    expect(await reserve(first, [limit])).toBeNull();

    const second = await begin(newChannel(), name);
    expect(await reserve(second, [limit])).toEqual(limit);
    expect(await reserve(first, [limit])).toBeNull();
  });

  test("the first limit that is reached comes back, and nothing is booked then", async () => {
    const place = newChannel();
    const started = await begin(place, newName("ana"));
    const limits = [
      upTo("channel", "usd", 5),
      upTo("person", "turns", 0),
      upTo("person", "usd", 0),
    ];

    expect(await reserve(started, limits)).toEqual(limits[1]);

    const { scope, conversation } = started.claim.turn;
    expect(await store().ledger.spent(scope, conversation.id, "channel", EVER)).toEqual({
      costUsd: 0,
      turns: 0,
    });
  });

  test("a turn's own booking is replaced, not added up", async () => {
    const started = await begin(newChannel(), "ana");
    const limits = [upTo("channel", "usd", 4)];
    const { scope, conversation } = started.claim.turn;

    expect(await reserve(started, limits, 4)).toBeNull();
    expect(await reserve(started, limits, 4)).toBeNull();

    expect(await store().ledger.spent(scope, conversation.id, "channel", EVER)).toEqual({
      costUsd: 4,
      turns: 1,
    });
  });

  test("of twenty at once only as many pass as the budget holds, and the last one", async () => {
    const name = newName("ana");
    const started: Started[] = [];
    for (let index = 0; index < 20; index++) started.push(await begin(newChannel(), name));

    const refused = await Promise.all(
      started.map((each) => reserve(each, [upTo("person", "usd", 5)], 1)),
    );

    expect(refused.filter((limit) => limit === null)).toHaveLength(5);
  });

  test("of twenty at once only as many turns pass as are allowed", async () => {
    const name = newName("ana");
    const started: Started[] = [];
    for (let index = 0; index < 20; index++) started.push(await begin(newChannel(), name));

    const refused = await Promise.all(
      started.map((each) => reserve(each, [upTo("person", "turns", 3)], 0)),
    );

    expect(refused.filter((limit) => limit === null)).toHaveLength(3);
  });

  test("a call beside the turn counts as money, and as a turn only when it belongs to one", async () => {
    const place = newChannel();
    const { lease, claim } = await begin(place, newName("ana"));
    const { scope, conversation } = claim.turn;
    const spent = () => store().ledger.spent(scope, conversation.id, "channel", EVER);

    await store().ledger.charge(scope, conversation.id, {
      purpose: "summary",
      turnId: null,
      cost: cost(1),
    });
    expect(await spent()).toEqual({ costUsd: 1, turns: 0 });

    await store().ledger.charge(scope, conversation.id, {
      purpose: "tier",
      turnId: lease.turnId,
      cost: cost(null),
    });
    expect(await spent()).toEqual({ costUsd: 1, turns: 1 });
  });

  test("a place that nobody knows has spent nothing", async () => {
    const scope = newChannel().scope("ana");

    const spent = await store().ledger.spent(
      scope,
      conversationId("discord:channel:unknown"),
      "channel",
      EVER,
    );

    expect(spent).toEqual({ costUsd: 0, turns: 0 });
  });
});
