import { expect, test } from "vitest";
import { talkByStdio, talkToCegid, type CegidTalk } from "./cegid-y2/open.ts";
import { PROMPTS, readAll, RESOURCES, sayAll } from "./cegid-y2/resource-cases.ts";

/** A program that starts on a busy machine takes its time. */
const STARTING_MS = 300_000;

test("all ten resources of the original are read over HTTP and hold what the books say", async () => {
  await using talk = await talkToCegid();

  const wrong = await readAll(talk);

  expect(wrong).toEqual([]);
  expect(await urisOf(talk)).toEqual(RESOURCES);
});

test(
  "all ten resources are read over standard input and output, and all five prompts are said",
  async () => {
    await using talk = await talkByStdio();

    const wrong = [...(await readAll(talk)), ...(await sayAll(talk))];

    expect(wrong).toEqual([]);
    expect(await urisOf(talk)).toEqual(RESOURCES);
  },
  STARTING_MS,
);

test("all five prompts of the original are said over HTTP with their arguments", async () => {
  await using talk = await talkToCegid();
  const { prompts } = await talk.client.listPrompts();

  const wrong = await sayAll(talk);

  expect(wrong).toEqual([]);
  expect(prompts.map(({ name }) => name)).toEqual(PROMPTS);
});

test("a prompt with a wrong argument says what would be right", async () => {
  await using talk = await talkToCegid();

  const saying = talk.client.getPrompt({
    name: "financial_analysis",
    arguments: { period: "2026-13" },
  });

  await expect(saying).rejects.toThrow(/period/);
});

test("a document that is not there is told as such, and so is what is no id", async () => {
  await using talk = await talkToCegid();

  const [missing, wrong] = await Promise.allSettled([
    talk.client.readResource({ uri: "cegid://invoices/Receipt/FFO001/99999" }),
    talk.client.readResource({ uri: "cegid://invoices/12" }),
  ]);

  expect(missing).toMatchObject({ reason: { message: expect.stringContaining("NOT_FOUND") } });
  expect(wrong).toMatchObject({
    reason: { message: expect.stringContaining("Type/Stump/Number") },
  });
});

async function urisOf({ client }: Pick<CegidTalk, "client">): Promise<readonly string[]> {
  const { resources } = await client.listResources();
  const { resourceTemplates } = await client.listResourceTemplates();
  const fixed = resources.map(({ uri }) => uri).filter((uri) => !/\/\/\w+\//.test(uri));
  return [...fixed, ...resourceTemplates.map(({ uriTemplate }) => uriTemplate)].toSorted();
}
