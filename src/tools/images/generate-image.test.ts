import { expect, test } from "vitest";
import { newChannel } from "../../../test/talk.ts";
import { systemClock } from "../../core/clock.ts";
import type { SideCost } from "../../core/stores.ts";
import { generateImage } from "./generate-image.ts";

const PNG = Buffer.from("\u0089PNG\r\n\u001a\npixels", "latin1");
const OPTIONS = {
  baseUrl: "https://images.example/v1",
  apiKey: "not-a-secret",
  model: "gpt-image-1",
  imageUsd: 0.04,
};

function scene(answer: object | string, status = 200, isAllowed = true) {
  const requests: Request[] = [];
  const charged: SideCost[] = [];
  const text = typeof answer === "string" ? answer : JSON.stringify(answer);
  const tool = generateImage(
    {
      fetch: async (url, init) => {
        requests.push(new Request(url, init));
        return new Response(text, { status });
      },
      clock: systemClock,
      ledger: { charge: async (_scope, _place, side) => void charged.push(side) },
      allow: async () => isAllowed,
    },
    OPTIONS,
  );
  const place = newChannel();
  const run = (input: object) =>
    tool.run(tool.input.parse(input), {
      scope: place.scope("ana"),
      conversationId: place.conversation.id,
      signal: new AbortController().signal,
    });
  return { requests, charged, run };
}

test("generate_image gives the picture as a file, and its cost to the meter", async () => {
  const { requests, charged, run } = scene({ data: [{ b64_json: PNG.toString("base64") }] });

  const { files, isError } = await run({ prompt: "a cat", shape: "wide" });

  expect(isError).toBeUndefined();
  expect(files).toMatchObject([{ contentType: "image/png", content: PNG }]);
  expect(files?.[0]?.name).toMatch(/^picture-[\d-]+\.png$/);
  expect(await requests[0]?.json()).toEqual({
    model: "gpt-image-1",
    n: 1,
    prompt: "a cat",
    size: "1536x1024",
  });
  expect(charged).toMatchObject([{ purpose: "image", cost: { usage: { costUsd: 0.04 } } }]);
});

test("generate_image asks nobody when a budget is spent", async () => {
  const { requests, run } = scene({}, 200, false);

  expect((await run({ prompt: "a cat" })).isError).toBe(true);
  expect(requests).toEqual([]);
});

test.each([
  [400, "key not-a-secret is bad", /another way/],
  [429, "{}", /slow down/],
  [500, "<html>", /status 500/],
  [200, "<html>", /no picture/],
  [
    200,
    JSON.stringify({ data: [{ b64_json: Buffer.from("<svg>").toString("base64") }] }),
    /no picture/,
  ],
  [200, JSON.stringify({ data: [{ url: "https://evil.example" }] }), /no picture/],
])("generate_image says in its own words what went wrong: %s %s", async (status, answer, why) => {
  const { charged, run } = scene(answer, status);

  const { text, isError } = await run({ prompt: "a cat" });

  expect(text).toMatch(why);
  expect(text).not.toContain("not-a-secret");
  expect(isError).toBe(true);
  expect(charged).toEqual([]);
});
