import { expect, test } from "vitest";
import { createEmbedder, type EmbedderOptions } from "./embedder.ts";

const forEver = new AbortController().signal;

/** A server whose vectors say how long the text is. */
function scene(
  change: Partial<EmbedderOptions> = {},
  answer?: (input: readonly string[]) => Response,
) {
  const requests: { url: string; body: { input: readonly string[]; model: string } }[] = [];
  const fetch = async (url: unknown, init?: RequestInit) => {
    const body = JSON.parse(typeof init?.body === "string" ? init.body : "{}") as {
      input: readonly string[];
      model: string;
    };
    requests.push({ url: String(url), body });
    if (answer) return answer(body.input);
    const data = body.input.map((text, index) => ({ index, embedding: [text.length, 0] }));
    return Response.json({ data: data.toReversed() });
  };
  const options = { baseUrl: "http://embed.test/v1/", apiKey: "k", model: "m", dimensions: null };
  return { requests, embedder: createEmbedder({ fetch }, { ...options, ...change }) };
}

test("gives one unit vector a text, in the order of the texts", async () => {
  const { embedder, requests } = scene();

  const vectors = await embedder.embed(["a", "bb", "a"], forEver);

  expect(vectors.map((vector) => [...vector])).toEqual([
    [1, 0],
    [1, 0],
    [1, 0],
  ]);
  expect(requests).toMatchObject([
    { url: "http://embed.test/v1/embeddings", body: { input: ["a", "bb"], model: "m" } },
  ]);
});

test("asks once for what comes again, and many in batches", async () => {
  const { embedder, requests } = scene();
  const texts = Array.from({ length: 100 }, (_, n) => `text ${n}`);

  await embedder.embed(texts, forEver);
  await embedder.embed(["text 99"], forEver);

  expect(requests.map(({ body }) => body.input.length)).toEqual([64, 36]);
});

test.each([
  ["another number of dimensions", { dimensions: 3 }, undefined, "EMBEDDING_MODEL_DIMS"],
  ["a refusal", {}, () => new Response("no", { status: 401 }), "401"],
  ["fewer vectors than texts", {}, () => Response.json({ data: [] }), "one vector a text"],
  ["something else", {}, () => Response.json({ hello: 1 }), "one vector a text"],
])("rejects with words for %s", async (_, change, answer, words) => {
  const { embedder } = scene(change, answer);

  await expect(embedder.embed(["a"], forEver)).rejects.toThrow(words);
});
