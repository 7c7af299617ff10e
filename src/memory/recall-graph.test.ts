import { expect, test } from "vitest";
import { FACT } from "../../test/scope-catalogue.ts";
import { openEmbeddedStore, share } from "../../test/open-test-store.ts";
import { newDm, newName } from "../../test/talk.ts";
import { recallRelations } from "./recall-graph.ts";

const store = share(openEmbeddedStore);
const THEN = new Date("2026-01-01T00:00:00Z").getTime();
const DAY_MS = 86_400_000;

/** A person who said these, one a day, and what a question brings to mind. */
async function told(...given: readonly (readonly [from: string, type: string, to: string])[]) {
  const name = newName("ana");
  const scope = newDm(name).scope(name);
  const relations = given.map(([from, type, to], day) => ({
    from,
    type,
    to,
    holds: true,
    sources: [],
    validFrom: new Date(THEN + day * DAY_MS),
  }));
  await store().graph.add(scope, relations);
  return async (text: string, subject = "") => {
    const known = { ...FACT, subject, id: "m", ownerId: scope.principal.userId, ownerName: name };
    const now = new Date(THEN + 365 * DAY_MS);
    const found = await recallRelations(store().graph, scope, text, [known as never], now);
    return found.map(({ type, to }) => `${type} ${to}`);
  };
}

test("of a person's many own relations the one that is asked for comes, however old it is", async () => {
  const pets = Array.from({ length: 8 }, (_, n) => ["", "owns", `pet${n}`] as const);
  const ask = await told(["", "works at", "Acme"], ...pets);

  expect(await ask("Where do I work?")).toEqual(["works at Acme"]);
});

test("what a found fact is about is looked for before the words of a long question", async () => {
  const ask = await told(["Zora", "lives in", "Lisbon"]);
  const long = Array.from({ length: 40 }, (_, n) => `Word${n}`).join(" ");

  expect(await ask(long, "Zora")).toEqual(["lives in Lisbon"]);
});

test("a name of one word is found at the end of a long question", async () => {
  const ask = await told(["Zora", "lives in", "Lisbon"]);
  const long = Array.from({ length: 30 }, (_, n) => `Word${n}`).join(" ");

  expect(await ask(`${long} Zora`)).toEqual(["lives in Lisbon"]);
});
