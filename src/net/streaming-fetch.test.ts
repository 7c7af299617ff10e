import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import type { RequestListener } from "node:http";
import { serve } from "../../test/serve.ts";
import { createAllowList } from "./allow-list.ts";
import { createStreamingFetch } from "./streaming-fetch.ts";

async function open(listener: RequestListener) {
  const site = await serve(listener);
  onTestFinished(() => site[Symbol.asyncDispose]());
  const looked: string[] = [];
  const make = (hosts: readonly string[], addresses = ["127.0.0.1"]) => {
    const out = createStreamingFetch(
      {
        resolve: async (host) => {
          looked.push(host);
          return addresses;
        },
        allow: createAllowList(hosts),
        ports: new Set([80, 443]),
      },
      { elapsedMs: () => performance.now() },
    );
    onTestFinished(() => out[Symbol.asyncDispose]());
    return out.fetch;
  };
  return { site, make, looked };
}

test("a body comes piece by piece, as it is sent", async () => {
  const door = Promise.withResolvers<void>();
  const { site, make } = await open((_, response) => {
    response.write("first");
    void door.promise.then(() => response.end("second"));
  });

  const response = await make(["127.0.0.1"])(site.url);
  const reader = response.body?.getReader();
  const first = await reader?.read();
  door.resolve();
  const second = await reader?.read();

  expect([first, second].map((piece) => Buffer.from(piece?.value ?? []).toString())).toEqual([
    "first",
    "second",
  ]);
});

test("a packed body is unpacked", async () => {
  const { site, make } = await open((_, response) => {
    response.setHeader("content-encoding", "gzip");
    response.end(gzipSync("unpacked"));
  });

  expect(await (await make(["127.0.0.1"])(site.url)).text()).toBe("unpacked");
});

test("method, headers and body arrive", async () => {
  const { site, make } = await open((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () =>
      response.end(JSON.stringify([request.method, request.headers["x-a"], body])),
    );
  });

  const response = await make(["127.0.0.1"])(site.url, {
    method: "POST",
    headers: { "X-A": "b" },
    body: "hello",
  });

  expect(await response.json()).toEqual(["POST", "b", "hello"]);
});

test("one connection serves many requests", async () => {
  const ports = new Set<number | undefined>();
  const { site, make } = await open((request, response) => {
    ports.add(request.socket.remotePort);
    response.end("ok");
  });
  const fetch = make(["127.0.0.1"]);

  await (await fetch(site.url)).text();
  await (await fetch(site.url)).text();
  await (await fetch(site.url)).text();

  expect(ports.size).toBe(1);
});

test("a redirect is given back, and not followed", async () => {
  const { site, make } = await open((_, response) => {
    response.writeHead(302, { location: "http://169.254.169.254/" }).end();
  });

  const response = await make(["127.0.0.1"])(site.url);

  expect(response.status).toBe(302);
  expect(response.headers.get("location")).toBe("http://169.254.169.254/");
});

test.each([
  ["http://127.0.0.1/", "not on the public internet"],
  ["http://example.test:9999/", "Port 9999 is not one of"],
  ["http://printer.local/", "not on the public internet"],
  ["ftp://example.test/", "Only http and https"],
  ["http://user:pass@example.test/", "user name or password"],
])("%s is refused before a socket opens", async (url, words) => {
  const { make } = await open((_, response) => response.end());

  await expect(make([])(url)).rejects.toThrow(words);
});

test("a name that leads to a private address is refused, whatever it is called", async () => {
  const { make, looked } = await open((_, response) => response.end());

  await expect(make([])("http://innocent.test/")).rejects.toThrow("not on the public internet");

  expect(looked).toEqual(["innocent.test"]);
});

test("even a host that is allowed does not lead to where clouds keep their secrets", async () => {
  const { make } = await open((_, response) => response.end());

  await expect(make(["meta.test"], ["169.254.169.254"])("http://meta.test/")).rejects.toThrow(
    "not on the public internet",
  );
});

test("a request that is given up rejects with the reason", async () => {
  const { site, make } = await open(() => {});
  const stop = new AbortController();

  const waiting = make(["127.0.0.1"])(site.url, { signal: stop.signal });
  stop.abort(new Error("given up"));

  await expect(waiting).rejects.toThrow("given up");
});
