import assert from "node:assert/strict";
import { commandContext } from "../../../test/command-context.ts";
import { expect, test } from "vitest";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { hear, newChannel, newName } from "../../../test/talk.ts";
import type { BudgetLeft } from "../../core/asker.ts";
import type { BudgetHolder } from "../../core/stores.ts";
import { usageGroup } from "./usage.ts";

const store = share(openEmbeddedStore);
const NOW = new Date("2026-11-25T12:00:00Z");

/** A person who spent something at these times, in a server where two roles of budgets are under way. */
async function scene(spent: readonly (readonly [at: string, usd: number])[]) {
  const [place, name] = [newChannel(), newName("ana")];
  const { id, guildId } = place.conversation;
  await hear(store(), place.message(name, "hello"));
  for (const [at, usd] of spent)
    await store().query(
      `insert into usage (purpose, person_id, conversation_id, guild_id, provider, model, input_tokens,
        cached_input_tokens, cache_write_tokens, output_tokens, counted_usd, estimated, at)
      values ('turn', $1, $2, $3, 'p', 'm', 1, 0, 0, 1, $4, false, $5)`,
      [place.scope(name).principal.userId, id, guildId, usd, at],
    );
  const left = (holder: BudgetHolder, limit: number): BudgetLeft => ({
    limit: { holder, unit: "usd", limit },
    spent: 0.5,
    resetsInMs: 1,
  });
  const group = usageGroup({
    usage: store().usage,
    budgetsLeft: async () => [left("person", 2), left("member", 0.4), left("guild", 9)],
    clock: { now: () => NOW, elapsedMs: () => 0 },
    timeZone: "Asia/Jakarta",
  });
  const context = commandContext(place, name, { isChannelManager: true, isGuildAdmin: true });
  return async (command: string) => {
    const found = group.commands.find((each) => each.name === command);
    assert(found);
    const reply = await found.run({ since: "month" }, context);
    assert(typeof reply !== "string");
    return { text: reply.text, picture: reply.files?.[0]?.description ?? null };
  };
}

test("/usage tells what is left of whose budget, and draws the last 30 days as the operator's clock has them", async () => {
  const run = await scene([
    ["2026-11-25T03:00:00Z", 0.25],
    // The 25th, where the operator is.
    ["2026-11-24T18:00:00Z", 0.5],
    ["2026-11-24T16:59:00Z", 0.125],
    ["2026-10-01T00:00:00Z", 7],
  ]);

  const [me, server] = [await run("me"), await run("server")];

  expect(me.text).toMatch(
    /30 days: \$0\.88.*\nLeft for you today: \$1\.50 of \$2\.00\nLeft for your/,
  );
  expect(me.text).toContain("role here today: $0.00 of $0.40");
  expect(me.text).not.toContain("server");
  expect(server.text).toContain("Left for this server today: $8.50 of $9.00");
  expect([me.picture, server.picture]).toEqual(
    [1, 2].map(() =>
      expect.stringMatching(
        /from 2026-10-27 to 2026-11-25: \$0\.875 .* most on 2026-11-25 with \$0\.750/,
      ),
    ),
  );
});

test("/usage draws nothing where nothing was spent", async () => {
  const run = await scene([]);

  expect((await run("me")).picture).toBeNull();
});
