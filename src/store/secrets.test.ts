import { expect, test } from "vitest";
import { describeStore, openTestPglite, share } from "../../test/open-test-store.ts";
import { guildId, userId } from "../core/ids.ts";
import type { SecretOwner } from "../core/secrets.ts";
import { createSealer, newMasterKey, toMasterKey } from "../lib/seal.ts";
import { createSecretStore } from "./secrets.ts";

const ana: SecretOwner = { kind: "person", userId: userId("discord:1") };
const ben: SecretOwner = { kind: "person", userId: userId("discord:2") };
const guild: SecretOwner = { kind: "guild", guildId: guildId("discord:1") };
const ALIVE = new AbortController().signal;

const key = () => {
  const made = toMasterKey(newMasterKey());
  if (!made) throw new Error("A new key is a key");
  return made;
};

describeStore("secrets", (open) => {
  const store = share(open);
  const revealed = async (owner: SecretOwner, name: string) => {
    const found = await store().secrets.get(owner, name);
    return found.kind === "found" ? found.secret.reveal() : found.kind;
  };

  test("a secret is what was put last, and only its owner's", async () => {
    await store().secrets.put(ana, "mail", "first");
    await store().secrets.put(ana, "mail", "second");

    expect(await revealed(ana, "mail")).toBe("second");
    expect(await revealed(guild, "mail")).toBe("nothing");
    expect(await store().secrets.names(ana)).toEqual(["mail"]);
  });

  test("remove() takes one secret, once", async () => {
    await store().secrets.put(ana, "gone", "x");

    expect(await store().secrets.remove(ana, "gone")).toBe(true);
    expect(await store().secrets.remove(ana, "gone")).toBe(false);
    expect(await revealed(ana, "gone")).toBe("nothing");
  });

  test("nothing of a secret stands in its row, and moved to another owner it does not open", async () => {
    await store().secrets.put(ana, "moved", "hush-hush");
    await store().query(
      "insert into secrets select 'person:discord:2', name, sealed, key_id from secrets where name = 'moved'",
    );

    const [row] = await store().query(
      "select row_to_json(secrets) as row from secrets where name = 'moved'",
    );

    expect(JSON.stringify(row)).not.toContain("hush");
    expect(await revealed(ben, "moved")).toBe("locked");
  });
});

test("after a new first key, rewrap() moves what it can and says what is left", async () => {
  await using database = await openTestPglite();
  const [lost, old, young] = [key(), key(), key()];
  const at = (...keys: readonly [typeof old, ...(typeof old)[]]) =>
    createSecretStore(database.pool, createSealer(keys));
  await at(lost).put(ana, "lost", "l");
  for (let index = 0; index < 250; index++) await at(old).put(ana, `old-${index}`, "o");

  expect(await at(young, old).rewrap(ALIVE)).toEqual({ moved: 250, left: 1 });

  expect((await at(young).get(ana, "old-7")).kind).toBe("found");
  expect(await at(young).get(ana, "lost")).toEqual({ kind: "locked" });
  expect(await at(young).rewrap(ALIVE)).toEqual({ moved: 0, left: 1 });
});

test("rewrap() that is stopped goes on at the next start", async () => {
  await using database = await openTestPglite();
  const [old, young] = [key(), key()];
  await createSecretStore(database.pool, createSealer([old])).put(ana, "a", "x");
  const store = createSecretStore(database.pool, createSealer([young, old]));

  expect(await store.rewrap(AbortSignal.abort())).toEqual({ moved: 0, left: 1 });
  expect(await store.rewrap(ALIVE)).toEqual({ moved: 1, left: 0 });
});

test("without a key nothing is kept, and it says what to do", async () => {
  await using database = await openTestPglite();
  const store = createSecretStore(database.pool, null);

  await expect(store.put(ana, "a", "x")).rejects.toThrow(/CLARA_SECRET_KEYS.*clara new-key/);
  expect(await store.get(ana, "a")).toEqual({ kind: "nothing" });
});
