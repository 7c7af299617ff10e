import assert from "node:assert/strict";
import { expect, test } from "vitest";
import { commandContext } from "../../../test/command-context.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { newChannel, newName } from "../../../test/talk.ts";
import { systemClock } from "../../core/clock.ts";
import { accessTokenHash } from "../../lib/access-token.ts";
import { accessTokenActions, listTokens, makeToken } from "./access-tokens.ts";

const store = share(openEmbeddedStore);

/** Somebody at the commands, in a channel. */
function person() {
  const context = commandContext(newChannel(), newName("ana"));
  const deps = { accessTokens: store().accessTokens, clock: systemClock };
  return {
    make: async (input: Record<string, string>) => {
      const reply = await makeToken(deps).run(input, context);
      assert(typeof reply === "string");
      const [, token = ""] = /`(clara_[\w-]+)`/.exec(reply) ?? [];
      return {
        reply,
        holder: await deps.accessTokens.use(accessTokenHash(token) ?? "", new Date()),
      };
    },
    async list() {
      const reply = await listTokens(deps).run({}, context);
      assert(typeof reply !== "string");
      return reply;
    },
    async takeBack(id: string) {
      const [action] = accessTokenActions(deps);
      assert(action);
      return action.run({ data: { id }, values: [], fields: {} }, context);
    },
  };
}

test("/clara token gives one that only reads, unless it is asked to do more", async () => {
  const { make } = person();

  const reads = await make({ for: "Editor" });
  const changes = await make({ for: "Editor", change: "true" });

  expect(reads.holder).toMatchObject({ canChange: false });
  expect(changes.holder).toMatchObject({ canChange: true });
  expect(reads.reply).toContain("shown this once");
});

test("/clara tokens shows one's own without the tokens themselves, and takes each back", async () => {
  const [ana, ben] = [person(), person()];
  const { holder } = await ana.make({ for: "My `editor`" });
  assert(holder);

  const before = await ana.list();
  const others = await ben.list();
  await ben.takeBack(holder.tokenId);
  const still = await ana.list();
  const after = await ana.takeBack(holder.tokenId);

  expect(before.text).toMatch(/`My ʼeditorʼ`: only reads/);
  expect(before.text).not.toContain("clara_");
  expect(before.rows?.flat()).toHaveLength(1);
  expect(others.text).toContain("No program");
  expect(still.text).toContain("editor");
  expect(after).toMatchObject({
    kind: "replace",
    reply: { text: expect.stringContaining("No program") },
  });
});
