import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { ask, newChannel, newDm, newName } from "../../test/talk.ts";
import { MAX_TOKENS } from "./access-tokens.ts";

const NOW = new Date();
const IN_A_DAY = new Date(NOW.getTime() + 24 * 3_600_000);

const token = (change = {}) => ({
  id: randomUUID().slice(0, 8),
  label: "Editor",
  canChange: false,
  expiresAt: IN_A_DAY,
  ...change,
});

function person() {
  const name = newName("ana");
  const place = newDm(name);
  return { name, place, scope: place.scope(name) };
}

describeStore("access tokens", (open) => {
  const store = share(open);

  test("tell whose they are and what they may, and when they were used", async () => {
    const { accessTokens } = store();
    const { scope } = person();
    const hash = randomUUID();
    await accessTokens.add(scope, hash, token({ id: "one", canChange: true }));

    const holder = await accessTokens.use(hash, NOW);

    const { userId, displayName: name } = scope.principal;
    expect(holder).toEqual({ tokenId: "one", person: { userId, name }, canChange: true });
    expect(await accessTokens.list(scope)).toMatchObject([
      { id: "one", label: "Editor", canChange: true, lastUsedAt: NOW },
    ]);
  });

  test("are taken neither unknown, nor late, nor after they were taken back", async () => {
    const { accessTokens } = store();
    const { scope } = person();
    const hash = randomUUID();
    const made = token();
    await accessTokens.add(scope, hash, made);

    expect(await accessTokens.use(randomUUID(), NOW)).toBeNull();
    expect(await accessTokens.use(hash, IN_A_DAY)).toBeNull();
    expect(await accessTokens.remove(scope, made.id)).toBe(true);
    expect(await accessTokens.use(hash, NOW)).toBeNull();
  });

  test("of one person are neither seen nor taken back by another", async () => {
    const { accessTokens } = store();
    const [ana, ben] = [person(), person()];
    const hash = randomUUID();
    const made = token();
    await accessTokens.add(ana.scope, hash, made);

    expect(await accessTokens.list(ben.scope)).toEqual([]);
    expect(await accessTokens.remove(ben.scope, made.id)).toBe(false);
    expect(await accessTokens.use(hash, NOW)).not.toBeNull();
  });

  test("have a bound for each person", async () => {
    const { accessTokens } = store();
    const { scope } = person();
    const add = () => accessTokens.add(scope, randomUUID(), token());

    const added = await Promise.all(Array.from({ length: MAX_TOKENS }, add));

    expect(added).not.toContain(false);
    expect(await add()).toBe(false);
  });

  test("the own place is the DM, and nobody else's, and no channel", async () => {
    const { accessTokens } = store();
    const [ana, ben] = [person(), person()];
    const channel = newChannel();
    await ask(store(), channel.message(ana.name, "in a channel"));
    expect(await accessTokens.ownPlace(ana.scope)).toBeNull();
    await ask(store(), ana.place.message(ana.name, "in a DM"));

    expect(await accessTokens.ownPlace(ana.scope)).toMatchObject({
      id: ana.place.conversation.id,
      kind: "dm",
    });
    expect(await accessTokens.ownPlace(ben.scope)).toBeNull();
  });
});
