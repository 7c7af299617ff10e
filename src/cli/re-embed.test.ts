import { expect, onTestFinished, test } from "vitest";
import { fakeMachine } from "../../test/fake-machine.ts";
import { openEmbeddedStore } from "../../test/open-test-store.ts";
import { FACT } from "../../test/scope-catalogue.ts";
import { newDm } from "../../test/talk.ts";
import { reEmbed } from "./re-embed.ts";

test("clara memory re-embed makes all vectors anew, and says what is missing without an embedder", async () => {
  const store = await openEmbeddedStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  const texts = ["Sails", "Skis"].map((text) => ({ ...FACT, text }));
  await store.memories.learn(newDm("ana").scope("ana"), texts);
  let asked = 0;
  let isAway = false;
  const run = async (env: Record<string, string>) => {
    const machine = fakeMachine(env);
    const code = await reEmbed({
      machine,
      random: Math.random,
      createId: () => crypto.randomUUID(),
      openStore: async () => ({ ...store, [Symbol.asyncDispose]: async () => {} }),
      async fetch(_, init) {
        if (isAway) return new Response("no", { status: 401 });
        const { input } = JSON.parse(init?.body as string) as { input: string[] };
        asked += input.length;
        return Response.json({ data: input.map((_, index) => ({ index, embedding: [1, 0] })) });
      },
    });
    return { code, said: machine.said(), complained: machine.complained() };
  };

  const without = await run({});
  const first = await run({ OPENAI_API_KEY: "sk-test" });
  const second = await run({ OPENAI_API_KEY: "sk-test" });

  expect(without).toMatchObject({
    code: 78,
    complained: expect.stringContaining("OPENAI_API_KEY"),
  });
  expect(first.said).toMatch(/2 memories have vectors of .*; 0 were old\./);
  expect(second.said).toMatch(/; 2 were old\./);
  // Two of them twice, and one word before each, to see that the server answers.
  expect(asked).toBe(6);
  isAway = true;
  await expect(run({ OPENAI_API_KEY: "sk-wrong" })).rejects.toThrow(/OPENAI_API_KEY|key|401/);
  isAway = false;
  expect((await run({ OPENAI_API_KEY: "sk-test" })).said).toMatch(/; 2 were old\./);
});
