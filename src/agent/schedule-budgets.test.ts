import { expect, test } from "vitest";
import { openEmbeddedStore, share } from "../../test/open-test-store.ts";
import { newChannel, newName, start } from "../../test/talk.ts";
import { noBudgets } from "../../test/turn-deps.ts";
import { withAllowances } from "./schedule-budgets.ts";

const store = share(openEmbeddedStore);
const DUE = new Date("2026-01-01T00:00:00Z");

/** A turn, of a schedule or of a person, that has cost so much. */
async function turnOf(trigger: "schedule" | "mention", spentUsd: number) {
  const [place, ana] = [newChannel(), newName("ana")];
  const scope = place.scope(ana);
  const added = await store().schedules.add(scope, {
    place: place.conversation,
    prompt: "news",
    dueAt: DUE,
    repeat: null,
    times: 1,
    zone: "UTC",
    maxRunUsd: 0.5,
    maxMonthUsd: 5,
  });
  if (added.kind !== "added") throw new Error(added.kind);
  const due = (await store().scheduleQueue.take(DUE, 10)).find(
    ({ id }) => id === added.schedule.id,
  );
  if (!due) throw new Error("not due");
  const message = place.message(ana, "news");
  const accepted = await store().inbox.accept(scope, message, { trigger, tier: null }, () => null);
  if (accepted.kind !== "queued") throw new Error(accepted.kind);
  const { turnId } = accepted;
  await store().scheduleQueue.begin(due, turnId);
  const { claim, lease } = await start(store(), turnId);
  const tokens = { inputTokens: 1, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 1 };
  const usage = { ...tokens, costUsd: spentUsd, estimated: false };
  const cost = { provider: "p", model: "m", usage };
  await store().ledger.charge(scope, place.conversation.id, {
    purpose: "unfinished",
    turnId,
    cost,
  });
  return withAllowances(noBudgets, store().scheduleQueue).book(claim.turn, lease, 0.01);
}

test("a run of a schedule is refused its next call once it has spent what it may", async () => {
  expect(await turnOf("schedule", 0.5)).toMatchObject({
    limit: { holder: "schedule", limit: 0.5 },
  });
});

test("a run of a schedule goes on while it has something left", async () => {
  expect(await turnOf("schedule", 0.49)).toBeNull();
});

test("a person's own turn knows no schedule's budget", async () => {
  expect(await turnOf("mention", 10)).toBeNull();
});
