import { describe, expect, test } from "vitest";
import { openSite } from "../../../test/open-site.ts";
import { toolContext, webNet } from "../../../test/web-net.ts";
import { brave, searxng, tavily, type SearchService } from "./search-services.ts";
import { webSearch } from "./web-search.ts";

const hit = { title: "Bread", url: "https://bread.example/a", content: "How\nto bake" };

const answering = (body: unknown, status = 200) =>
  openSite((_, response) =>
    response
      .writeHead(status, { "content-type": "application/json" })
      .end(typeof body === "string" ? body : JSON.stringify(body)),
  );

const options = (port: number, key: string | null = "key-1") => ({
  fetch: webNet(port).fetch,
  baseUrl: `http://site.test:${port}`,
  key,
});

async function search(services: readonly SearchService[], input: object) {
  const tool = webSearch({ services });
  return tool.run(tool.input.parse(input), toolContext);
}

const found = {
  text: "1. Bread\n   https://bread.example/a\n   How to bake",
  taints: [{ source: "web", name: "a web search" }],
  sources: ["https://bread.example/a"],
};

describe("web_search", () => {
  test("asks Tavily as its documents say", async () => {
    await using site = await answering({ answer: "Bake it.", results: [{ ...hit, score: 0.9 }] });

    const output = await search([tavily(options(site.port))], {
      query: "bread",
      max_results: 3,
      search_depth: "advanced",
    });

    expect(output).toEqual({ ...found, text: `In short: Bake it.\n\n${found.text}` });
    expect(site.seen[0]).toMatchObject({ method: "POST", url: "/search" });
    expect(site.seen[0]?.headers).toMatchObject({ authorization: "Bearer key-1" });
    expect(JSON.parse(site.seen[0]?.body ?? "")).toEqual({
      query: "bread",
      max_results: 3,
      search_depth: "advanced",
      include_answer: true,
    });
  });

  test("asks Brave as its documents say", async () => {
    const { title, url } = hit;
    const result = {
      title: `<strong>${title}</strong>`,
      url,
      description: "How to &quot;bake&quot;",
    };
    await using site = await answering({ web: { results: [result] } });

    const output = await search([brave(options(site.port))], { query: "bread & butter" });

    expect(output).toEqual({ ...found, text: found.text.replace("bake", '"bake"') });
    expect(site.seen[0]?.url).toBe("/res/v1/web/search?q=bread+%26+butter&count=5");
    expect(site.seen[0]?.headers).toMatchObject({ "x-subscription-token": "key-1" });
  });

  test("asks SearXNG as its documents say, and takes no more than was asked for", async () => {
    await using site = await answering({ results: [hit, hit, hit] });

    const output = await search([searxng(options(site.port, null))], {
      query: "bread",
      max_results: 1,
    });

    expect(output).toEqual(found);
    expect(site.seen[0]?.url).toBe("/search?q=bread&format=json");
  });

  test("asks the next service when one fails", async () => {
    await using broken = await answering("", 500);
    await using site = await answering({ results: [hit] });

    const services = [tavily(options(broken.port)), searxng(options(site.port))];

    expect(await search(services, { query: "bread" })).toEqual(found);
  });

  test.each([
    ["does not accept its key", 401, {}],
    ["allows no more searches for now", 429, {}],
    ["allows no more searches for now", 432, {}],
    ["answered with status 503", 503, {}],
    ["in a form that I do not know", 200, { results: "none" }],
    ["in a form that I do not know", 200, "<html>"],
  ])("says that the service %s", async (words, status, body) => {
    await using site = await answering(body, status);

    const output = await search([tavily(options(site.port))], { query: "bread" });

    expect(output).toMatchObject({ isError: true, text: expect.stringContaining(words) });
    expect(output.text).not.toContain("key-1");
  });

  test("takes its key to no other host", async () => {
    await using other = await answering({ results: [hit] });
    await using site = await openSite((_, response) =>
      response.writeHead(307, { location: `http://site.test:${other.port}/search` }).end(),
    );
    const net = webNet(site.port, { allow: ["site.test"] });

    await search([tavily({ ...options(site.port), fetch: net.fetch })], { query: "bread" });

    expect(other.connections()).toBe(0);
  });

  test("says when there is nothing", async () => {
    await using site = await answering({ results: [] });

    expect(await search([tavily(options(site.port))], { query: "qqq" })).toEqual({
      text: 'Nothing was found for "qqq".',
    });
  });

  test.each([
    {},
    { query: " " },
    { query: "x", max_results: 11 },
    { query: "x", search_depth: "deep" },
  ])("does not take %j", (input) => {
    expect(webSearch({ services: [] }).input.safeParse(input).success).toBe(false);
  });
});
