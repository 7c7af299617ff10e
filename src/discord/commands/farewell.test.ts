import assert from "node:assert/strict";
import { commandContext } from "../../../test/command-context.ts";
import { expect, test } from "vitest";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { FACT } from "../../../test/scope-catalogue.ts";
import { converse, newChannel, newDm, newName } from "../../../test/talk.ts";
import { systemClock } from "../../core/clock.ts";
import { exportAll, farewellActions, forgetMe } from "./farewell.ts";
import type { Reply } from "./reply.ts";

const store = share(openEmbeddedStore);

function scene() {
  const [name, place] = [newName("ana"), newChannel()];
  const context = commandContext(place, name);
  const deps = { farewells: store().farewells, clock: systemClock };
  const press = async (name: string, fields: Record<string, string> = {}) => {
    const action = farewellActions(deps).find((each) => each.name === name);
    assert(action && "run" in action);
    const outcome = await action.run({ data: {}, values: [], fields }, context);
    assert(outcome.kind !== "nothing");
    return outcome.reply.text;
  };
  const asReply = async (said: string | Reply | Promise<string | Reply>): Promise<Reply> => {
    const reply = await said;
    return typeof reply === "string" ? { text: reply } : reply;
  };
  return {
    name,
    place,
    press,
    pending: () => store().farewells.pending(newDm(name).scope(name)),
    forget: () => asReply(forgetMe(deps).run({}, context)),
    copy: () => asReply(exportAll(deps).run({}, context)),
  };
}

test("/clara forget-me has to be typed, says when, and can be taken back", async () => {
  const { press, pending, forget } = scene();

  const question = await forget();
  const slip = await press("farewell", { typed: "yes" });
  const nothing = await pending();
  const asked = await press("farewell", { typed: " Forget me " });
  const again = await forget();
  const back = await press("farewell-take-back");

  expect(question.text).toContain("/clara export");
  expect(slip).toContain("Nothing was done");
  expect(nothing).toBeNull();
  expect(asked).toMatch(/gone <t:\d+:R>/);
  expect(again.text).toBe(asked);
  expect(back).toContain("Taken back");
  expect(await pending()).toBeNull();
});

test("/clara export gives the person's own from every place, to programs and to readers", async () => {
  const { name, place, copy } = scene();
  await converse(store(), place.message(name, "said here"), "answered here");
  await store().memories.learn(newDm(name).scope(name), [{ ...FACT, text: "Sails\nalone" }]);
  const ben = newName("ben");
  await converse(store(), place.message(ben, "Ben said"), "answered Ben");

  const { text, files = [] } = await copy();

  const [json, markdown] = files.map(({ content }) => new TextDecoder().decode(content));
  expect(text).toContain("messages 2, memories 1");
  expect(JSON.parse(json ?? "")).toMatchObject({ format: "clara-person", version: 1 });
  expect(json).toContain("said here");
  expect(markdown).toContain("text: Sails alone");
  expect(json).not.toContain("Ben");
});
