import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { hostileNames, hostileUrls, resolveFrom } from "../../test/hostile-urls.ts";
import { openSite } from "../../test/open-site.ts";
import { systemClock } from "../core/clock.ts";
import { userId } from "../core/ids.ts";
import type { NetRequest } from "../core/net.ts";
import { createAllowList } from "./allow-list.ts";
import { createRateLimit } from "./rate-limit.ts";
import { createSafeFetch, type SafeFetchDeps } from "./safe-fetch.ts";

const ana = userId("discord:1");
const never = new AbortController().signal;
const noLimit = () => 0;

/** A way out for which the host `site.test` is the machine's own, and allowed. */
const wayOut = (port: number, parts: Partial<SafeFetchDeps> = {}) => {
  const names = { ...hostileNames, "site.test": ["127.0.0.1"], "other.test": ["127.0.0.1"] };
  const fetch = createSafeFetch({
    resolve: resolveFrom(names),
    allow: createAllowList([`site.test:${port}`, `other.test:${port}`]),
    ports: new Set([80, 443, port]),
    limit: noLimit,
    ...parts,
  });
  return (url: string, request: Partial<NetRequest> = {}) =>
    fetch({ url, onBehalfOf: ana, signal: never, ...request });
};

const text = (answer: Awaited<ReturnType<ReturnType<typeof wayOut>>>) =>
  answer.kind === "answer" ? Buffer.from(answer.body).toString() : answer.problem;

describe("the way out", () => {
  test("never opens a connection for any hostile address", async () => {
    await using site = await openSite();
    const get = wayOut(site.port, { allow: createAllowList([]) });
    const urls = hostileUrls(site.port);

    const answers = await Promise.all(urls.map((url) => get(url)));

    const fetched = urls.filter((_, index) => answers[index]?.kind !== "failure");
    expect(fetched).toEqual([]);
    expect(urls.length).toBeGreaterThan(100);
    expect(site.connections()).toBe(0);
  });

  test("never follows a redirect to a hostile address", async () => {
    await using inner = await openSite();
    const targets = hostileUrls(inner.port);
    await using site = await openSite(({ url }, response) => {
      const [, index] = url.split("?");
      const location = Buffer.from(targets[Number(index)] ?? "").toString("latin1");
      response.writeHead(302, { location: location.replace(/[\r\n]/g, "") }).end();
    });
    const get = wayOut(site.port, { ports: new Set([80, 443, inner.port]) });

    const answers = await Promise.all(
      targets.map((_, index) => get(`http://site.test:${site.port}/?${index}`)),
    );

    expect(answers.filter(({ kind }) => kind === "answer")).toEqual([]);
    // What came after it was a relative address, which is the site's own.
    const hosts = new Set(site.seen.map(({ headers }) => headers.host));
    expect([...hosts]).toEqual([`site.test:${site.port}`]);
    expect(site.connections()).toBe(site.seen.length);
    expect(inner.connections()).toBe(0);
  });

  test("connects to the address that was checked, whatever the name means later", async () => {
    await using site = await openSite();
    let asked = 0;
    const resolve = async () => (asked++ === 0 ? ["93.184.215.14"] : ["127.0.0.1"]);
    const get = wayOut(site.port, { resolve, allow: createAllowList([]) });

    await get(`http://rebinding.test:${site.port}/`, { maxMs: 300 });

    expect(asked).toBe(1);
    expect(site.connections()).toBe(0);
  });

  test("fetches what the operator allowed, and tells the real address", async () => {
    await using site = await openSite();
    const get = wayOut(site.port);

    const answer = await get(`http://SITE.test.:${site.port}/a?b=c`);

    expect(text(answer)).toBe("reached");
    expect(answer).toMatchObject({ status: 200, isCut: false });
  });

  test("lets no allowed name lead to where clouds keep their secrets", async () => {
    const resolve = async () => ["169.254.169.254"];
    const get = wayOut(80, { resolve, allow: createAllowList(["site.test"]) });

    expect(await get("http://site.test/")).toMatchObject({ problem: "forbidden-address" });
  });

  test("shows a look-alike as what it is", async () => {
    const get = wayOut(80);

    expect(await get("http://аpple.test/")).toMatchObject({
      problem: "unknown-host",
      says: "There is no host named xn--pple-43d.test (written аpple.test).",
    });
  });
});

describe("a redirect", () => {
  test("is followed five times and no more", async () => {
    await using site = await openSite(({ url }, response) =>
      response.writeHead(302, { location: `/${Number(url.slice(1)) + 1}` }).end(),
    );

    const answer = await wayOut(site.port)(`http://site.test:${site.port}/0`);

    expect(answer).toMatchObject({ problem: "too-many-redirects" });
    expect(site.seen).toHaveLength(6);
  });

  test("takes no credentials to another origin", async () => {
    await using site = await openSite(({ url }, response) =>
      url === "/start"
        ? response.writeHead(302, { location: `http://other.test:${site.port}/end` }).end()
        : response.end("end"),
    );
    const headers = {
      Authorization: "Bearer x",
      Cookie: "a=b",
      "X-Api-Key": "k",
      Accept: "text/*",
    };

    await wayOut(site.port)(`http://site.test:${site.port}/start`, { headers });

    expect(site.seen[0]?.headers).toMatchObject({ authorization: "Bearer x", "x-api-key": "k" });
    expect(Object.keys(site.seen[1]?.headers ?? {}).toSorted()).toEqual([
      "accept",
      "accept-encoding",
      "connection",
      "host",
      "user-agent",
    ]);
  });

  test("takes no body to another origin", async () => {
    await using site = await openSite((_, response) =>
      response.writeHead(307, { location: `http://other.test:${site.port}/` }).end(),
    );

    const answer = await wayOut(site.port)(`http://site.test:${site.port}/`, {
      method: "POST",
      body: "secret",
    });

    expect(answer).toMatchObject({ problem: "forbidden-address" });
    expect(site.seen).toHaveLength(1);
  });

  test("gives no cookies back", async () => {
    await using site = await openSite((_, response) =>
      response.writeHead(200, { "set-cookie": "a=b", "x-kept": "yes" }).end(),
    );

    const answer = await wayOut(site.port)(`http://site.test:${site.port}/`);

    expect(answer).toMatchObject({ headers: { "x-kept": "yes" } });
    expect(JSON.stringify(answer)).not.toContain("a=b");
  });
});

describe("a body", () => {
  test.each([
    ["gzip", gzipSync("words")],
    ["deflate", deflateSync("words")],
    ["br", brotliCompressSync("words")],
    ["identity", Buffer.from("words")],
  ])("that is packed with %s is unpacked", async (encoding, packed) => {
    await using site = await openSite((_, response) =>
      response.writeHead(200, { "content-encoding": encoding }).end(packed),
    );

    expect(text(await wayOut(site.port)(`http://site.test:${site.port}/`))).toBe("words");
  });

  test.each([
    ["gzip", gzipSync(Buffer.alloc(64 * 1024 * 1024))],
    ["br", brotliCompressSync(Buffer.alloc(64 * 1024 * 1024))],
  ])("that is a bomb of %s is given up", async (encoding, packed) => {
    await using site = await openSite((_, response) =>
      response.writeHead(200, { "content-encoding": encoding }).end(packed),
    );
    const get = wayOut(site.port);
    const url = `http://site.test:${site.port}/`;

    expect(await get(url)).toMatchObject({ problem: "too-large" });
    expect(await get(url, { maxBytes: 1e9 })).toMatchObject({ problem: "too-large" });
  });

  test.each(["gzip, gzip", "zstd", "snappy"])("that is packed with %s is refused", async (name) => {
    await using site = await openSite((_, response) =>
      response.writeHead(200, { "content-encoding": name }).end("words"),
    );

    expect(await wayOut(site.port)(`http://site.test:${site.port}/`)).toMatchObject({
      problem: "broken-answer",
    });
  });

  test("that never ends is cut where one wants it cut, and refused otherwise", async () => {
    await using site = await openSite((_, response) => {
      const write = () => {
        while (response.write("x".repeat(10_000)));
        response.once("drain", write);
      };
      write();
    });
    const get = wayOut(site.port);
    const url = `http://site.test:${site.port}/`;

    const cut = await get(url, { maxBytes: 25_000, overflow: "cut" });
    const refused = await get(url, { maxBytes: 25_000 });

    expect(cut).toMatchObject({ isCut: true });
    expect(text(cut)).toHaveLength(25_000);
    expect(refused).toMatchObject({ problem: "too-large" });
  });

  test("that says it is too large is not read", async () => {
    await using site = await openSite((_, response) =>
      response.writeHead(200, { "content-length": "99999999999" }).flushHeaders(),
    );

    expect(await wayOut(site.port)(`http://site.test:${site.port}/`)).toMatchObject({
      problem: "too-large",
    });
  });

  test("that trickles is given up long before its time", async () => {
    await using site = await openSite((_, response) => void response.write("x"));
    const get = wayOut(site.port, { pace: { windowMs: 20, leastBytes: 100 } });

    expect(await get(`http://site.test:${site.port}/`, { maxMs: 50_000 })).toMatchObject({
      problem: "too-slow",
    });
  });

  test("that breaks off is no answer", async () => {
    await using site = await openSite((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });

    expect(await wayOut(site.port)(`http://site.test:${site.port}/`)).toMatchObject({
      problem: "broken-answer",
    });
  });
});

describe("a request", () => {
  test("ends when its time is up", async () => {
    await using site = await openSite(() => {});

    expect(await wayOut(site.port)(`http://site.test:${site.port}/`, { maxMs: 30 })).toMatchObject({
      problem: "too-slow",
    });
  });

  test("ends with the signal's own reason", async () => {
    const stop = new AbortController();
    await using site = await openSite(() => stop.abort(new Error("stopped")));

    const asked = wayOut(site.port)(`http://site.test:${site.port}/`, { signal: stop.signal });

    await expect(asked).rejects.toThrow("stopped");
  });

  test("of headers without end is no answer", async () => {
    await using site = await openSite((_, response) =>
      response.writeHead(200, { "x-long": "x".repeat(100_000) }).end(),
    );

    expect(await wayOut(site.port)(`http://site.test:${site.port}/`)).toMatchObject({
      problem: "broken-answer",
    });
  });

  test("has no header that would change where it goes", async () => {
    await using site = await openSite();
    const headers = { Host: "evil.test", "Transfer-Encoding": "chunked", Accept: "text/html" };

    await wayOut(site.port)(`http://site.test:${site.port}/`, { headers });

    expect(site.seen[0]?.headers).toMatchObject({
      host: `site.test:${site.port}`,
      accept: "text/html",
    });
  });

  test("with a line break in a header is not sent", async () => {
    await using site = await openSite();

    const answer = await wayOut(site.port)(`http://site.test:${site.port}/`, {
      headers: { accept: "a\r\nx-evil: 1" },
    });

    expect(answer).toMatchObject({ problem: "bad-address" });
    expect(site.seen).toHaveLength(0);
  });

  test("of one person too many in a minute waits, and others do not", async () => {
    await using site = await openSite();
    const limit = createRateLimit(systemClock, { burst: 2, perMinute: 1 });
    const get = wayOut(site.port, { limit });
    const url = `http://site.test:${site.port}/`;
    await get(url);
    await get(url);

    expect(await get(url)).toMatchObject({ problem: "too-many-requests" });
    expect(text(await get(url, { onBehalfOf: userId("discord:2") }))).toBe("reached");
    expect(text(await get(url, { onBehalfOf: null }))).toBe("reached");
  });
});
