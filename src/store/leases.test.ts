import { describe, expect, test } from "vitest";
import { describeStore, share, type TestStore } from "../../test/open-test-store.ts";
import {
  answered,
  ask,
  claim,
  converse,
  newChannel,
  start,
  type Started,
} from "../../test/talk.ts";
import type { AskedCall } from "../core/approvals.ts";
import { LeaseLost, type StepCost } from "../core/turn.ts";

const CALL = { kind: "model", name: "m", effect: "read", input: {} } as const;
const COST: StepCost = {
  provider: "p",
  model: "m",
  usage: {
    inputTokens: 1,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 1,
    costUsd: 1,
    estimated: false,
  },
};

type Write = (store: TestStore, started: Started) => Promise<unknown>;

const ASKED: AskedCall = {
  tool: "send",
  effect: "outside",
  input: {},
  argsHash: "hash",
  what: "Send",
  target: "",
  reversible: false,
  clicker: "asker",
  taints: [],
};

/** Every function of the stores that takes a lease. */
const WRITES: readonly (readonly [string, Write])[] = [
  ["steps.begin", ({ steps }, { lease }) => steps.begin(lease, [{ ...CALL, seq: 1 }])],
  ["steps.end", ({ steps }, { lease }) => steps.end(lease, 0, { a: 1 }, null)],
  ["steps.end with a cost", ({ steps }, { lease }) => steps.end(lease, 0, { a: 1 }, COST)],
  ["approvals.ask", ({ approvals }, { lease }) => approvals.ask(lease, ASKED)],
  ["outbox.open", ({ outbox }, { lease }) => outbox.open(lease, 1, "more")],
  ["outbox.open of a known part", ({ outbox }, { lease }) => outbox.open(lease, 0, "more")],
  [
    "outbox.plan",
    ({ outbox }, { lease }) => outbox.plan(lease, [{ content: "x", file: null }], answered("x")),
  ],
  ["outbox.plan of nothing", ({ outbox }, { lease }) => outbox.plan(lease, [], answered(null))],
  ["outbox.settle", ({ outbox }, { lease }) => outbox.settle(lease, 0, "done", "late")],
  [
    "turns.finish",
    ({ turns }, { lease, job }) => turns.finish(lease, job, answered("late answer")),
  ],
  [
    "ledger.reserve",
    ({ ledger }, { lease, claim: { turn } }) =>
      ledger.reserve(turn.scope, lease, turn.conversation.id, [], new Date(0), 1),
  ],
];

/** Everything that is kept of one turn, apart from the turn's own row. */
async function kept(store: TestStore, { lease: { turnId } }: Started) {
  const [row] = await store.query(
    `select
      (select json_agg(steps order by seq) from steps where turn_id = $1) as steps,
      (select json_agg(outbox order by part) from outbox where turn_id = $1) as parts,
      (select json_agg(usage) from usage where turn_id = $1) as usage,
      (select json_agg(reservations) from reservations where turn_id = $1) as reservations,
      (select json_agg(json_build_object('state', state, 'outcome', outcome)) from turns where id = $1) as turns,
      (select json_agg(messages.text) from messages join turns using (conversation_id) where turns.id = $1) as lines,
      (select json_agg(json_build_object('state', job.state)) from pgboss.job where job.data->>'turnId' = $1) as jobs`,
    [turnId],
  );
  return row;
}

async function begun(store: TestStore): Promise<Started> {
  const started = await start(store, await ask(store, newChannel().message("ana", "hello")));
  await store.steps.begin(started.lease, [{ ...CALL, seq: 0 }]);
  await store.outbox.open(started.lease, 0, "Hello");
  return started;
}

describeStore("A lease", (open) => {
  const store = share(open);

  describe.each(WRITES)("that was lost, in %s,", (_, write) => {
    test("writes nothing once another generation has the turn", async () => {
      const stale = await begun(store());
      await claim(store(), stale.job);
      const before = await kept(store(), stale);

      await expect(write(store(), stale)).rejects.toThrow(LeaseLost);

      expect(await kept(store(), stale)).toEqual(before);
    });

    test("writes nothing once the turn is done", async () => {
      const stale = await begun(store());
      await store().turns.finish(stale.lease, stale.job, answered("Hello!"));
      const before = await kept(store(), stale);

      await expect(write(store(), stale)).rejects.toThrow(LeaseLost);

      expect(await kept(store(), stale)).toEqual(before);
    });
  });

  test.each(WRITES)("that is held may do %s", async (_, write) => {
    const started = await begun(store());

    await write(store(), started);

    expect(await store().turns.interrupted([started.lease])).toEqual(new Map());
  });

  test("that was lost may still tell an id, since that is true whoever learnt it", async () => {
    const stale = await begun(store());
    await claim(store(), stale.job);

    expect(await store().outbox.sent(stale.lease.turnId, 0, "m1")).toBe(true);

    const { claim: taken } = await claim(store(), stale.job);
    expect(taken.parts).toMatchObject([{ part: 0, messageId: "m1" }]);
  });

  test("of one turn is no lease of another", async () => {
    const { turnId } = await converse(store(), newChannel().message("ana", "hello"), "Hello!");
    const other = await begun(store());
    const crossed = { ...other, lease: { turnId, generation: other.lease.generation } };

    await expect(store().outbox.open(crossed.lease, 0, "x")).rejects.toThrow(LeaseLost);
  });
});
