import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { ask, newChannel, newDm, newName } from "../../test/talk.ts";
import type { McpQuestion } from "../core/mcp-questions.ts";
import { MAX_WAITING } from "./mcp-questions.ts";

const NOW = new Date();
const LATER = new Date(NOW.getTime() + 180_000);
const QUESTION: McpQuestion = {
  kind: "page",
  serverName: "Shop",
  message: "Pay",
  url: "https://pay.example",
};

const newQuestion = () => ({ id: randomUUID(), question: QUESTION, expiresAt: LATER });

function person(place = newDm("ana")) {
  const name = newName("ana");
  return { name, place, scope: place.scope(name) };
}

describeStore("questions of MCP servers", (open) => {
  const store = share(open);

  test("are answered once, and heard by whoever asked", async () => {
    const { mcpQuestions } = store();
    const { scope } = person(newChannel());
    const asked = newQuestion();
    await mcpQuestions.ask(scope, asked);
    const before = await mcpQuestions.heard(scope, asked.id);

    const first = await mcpQuestions.answer(scope, asked.id, { kind: "declined" }, NOW);
    const second = await mcpQuestions.answer(
      scope,
      asked.id,
      { kind: "accepted", values: {} },
      NOW,
    );

    expect([before, first, second]).toEqual([null, true, false]);
    expect(await mcpQuestions.heard(scope, asked.id)).toEqual({ kind: "declined" });
    expect(await mcpQuestions.look(scope, asked.id, NOW)).toBeNull();
  });

  test("are neither seen nor answered late, nor when they are forgotten", async () => {
    const { mcpQuestions } = store();
    const { scope } = person(newChannel());
    const [late, gone] = [newQuestion(), newQuestion()];
    await mcpQuestions.ask(scope, late);
    await mcpQuestions.ask(scope, gone);
    await mcpQuestions.forget(scope, gone.id);

    expect(await mcpQuestions.look(scope, late.id, LATER)).toBeNull();
    expect(await mcpQuestions.answer(scope, late.id, { kind: "declined" }, LATER)).toBe(false);
    expect(await mcpQuestions.answer(scope, gone.id, { kind: "declined" }, NOW)).toBe(false);
  });

  test("of one place are not answered in another, by the same person", async () => {
    const { mcpQuestions } = store();
    const name = newName("ana");
    const [here, there] = [newChannel().scope(name), newChannel().scope(name)];
    const asked = newQuestion();
    await mcpQuestions.ask(here, asked);

    expect(await mcpQuestions.look(there, asked.id, NOW)).toBeNull();
    expect(await mcpQuestions.answer(there, asked.id, { kind: "declined" }, NOW)).toBe(false);
    expect(await mcpQuestions.look(here, asked.id, NOW)).toEqual(QUESTION);
  });

  test("have a bound for each person; what is answered makes room", async () => {
    const { mcpQuestions } = store();
    const { scope } = person(newChannel());
    const all = Array.from({ length: MAX_WAITING }, newQuestion);
    await Promise.all(all.map((each) => mcpQuestions.ask(scope, each)));

    const tooMany = await mcpQuestions.ask(scope, newQuestion());
    await mcpQuestions.answer(scope, all[0]?.id ?? "", { kind: "declined" }, NOW);

    expect(tooMany).toBe(false);
    expect(await mcpQuestions.ask(scope, newQuestion())).toBe(true);
  });

  test("are asked where she knows the place, and its readers are the scope's", async () => {
    const { mcpQuestions } = store();
    const [one, other] = [person(newChannel()), person(newChannel())];
    await ask(store(), one.place.message(one.name, "hello"));
    const { id } = one.place.conversation;

    expect(await mcpQuestions.placeOf(one.scope, id)).toMatchObject({ id });
    expect(await mcpQuestions.placeOf(other.scope, id)).toBeNull();
  });
});
