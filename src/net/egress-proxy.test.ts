import { request } from "node:http";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { hostileUrls } from "../../test/hostile-urls.ts";
import { openSite } from "../../test/open-site.ts";
import { webNet, type WebNetParts } from "../../test/web-net.ts";
import { userId } from "../core/ids.ts";

const ana = userId("discord:1");

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function openProxy(port: number, parts: WebNetParts = {}) {
  const proxy = await webNet(port, parts).openProxy();
  const { username, password } = proxy.pass(ana);
  const { port: proxyPort } = new URL(proxy.url);
  const passFor = (word: string) =>
    `Basic ${Buffer.from(`${username}:${word}`).toString("base64")}`;
  const given = (word: string | null) =>
    word === null ? {} : { "proxy-authorization": passFor(word) };
  return {
    /** A plain request, the whole address in its first line. */
    get: (path: string, word: string | null = password) =>
      new Promise<Answer>((resolve) => {
        const headers = { ...given(word), "x-mine": "yes" };
        const asked = request({ host: "127.0.0.1", port: proxyPort, path, headers }, (response) => {
          let body = "";
          response.on("data", (chunk: Buffer) => (body += chunk.toString()));
          response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
        });
        // What is no HTTP at all is hung up on.
        asked.on("error", () => resolve({ status: 0, body: "" })).end();
      }),
    /** A tunnel, and one request through it. The first line of what came, or "" for nothing. */
    tunnel: (authority: string, word: string | null = password) =>
      new Promise<string>((resolve) => {
        let seen = "";
        const socket = connect(Number(proxyPort), "127.0.0.1", () => {
          const pass = word === null ? "" : `proxy-authorization: ${passFor(word)}\r\n`;
          socket.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${pass}\r\n`);
        });
        socket.on("data", (chunk: Buffer) => {
          seen += chunk.toString();
          if (seen.endsWith("Established\r\n\r\n"))
            socket.write("GET / HTTP/1.1\r\nhost: site.test\r\nconnection: close\r\n\r\n");
        });
        socket.on("error", () => {});
        socket.on("close", () => resolve(seen));
      }),
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}

test("the proxy brings what is allowed, and tells nobody of the pass", async () => {
  await using site = await openSite();
  await using proxy = await openProxy(site.port);

  const plain = await proxy.get(`http://site.test:${site.port}/a`);
  const tunnelled = await proxy.tunnel(`site.test:${site.port}`);

  expect(plain).toEqual({ status: 200, body: "reached" });
  expect(tunnelled).toMatch(/^HTTP\/1\.1 200 Connection Established[^]*reached$/);
  expect(site.seen[0]?.headers).toMatchObject({ "x-mine": "yes" });
  expect(JSON.stringify(site.seen)).not.toContain("proxy-authorization");
});

test.each([null, "wrong"])("the proxy lets nobody in whose password is %s", async (word) => {
  await using site = await openSite();
  await using proxy = await openProxy(site.port);

  expect(await proxy.get(`http://site.test:${site.port}/`, word)).toMatchObject({ status: 407 });
  expect(await proxy.tunnel(`site.test:${site.port}`, word)).toMatch(/^HTTP\/1\.1 407 /);
  expect(site.connections()).toBe(0);
});

test("the proxy opens no connection for any hostile address", async () => {
  await using site = await openSite();
  await using proxy = await openProxy(site.port, { allow: [] });
  const urls = hostileUrls(site.port).filter((url) => /^https?:\/\/[!-~]+$/.test(url));
  const authorities = urls.flatMap((url) => /^https?:\/\/([^/@#\\]+:\d+)\/$/.exec(url)?.[1] ?? []);

  const plain = [];
  for (const url of urls) plain.push(await proxy.get(url));
  const tunnelled = [];
  for (const authority of authorities) tunnelled.push(await proxy.tunnel(authority));

  expect(plain.filter(({ status }) => status !== 403 && status !== 0)).toEqual([]);
  expect(tunnelled.filter((seen) => !seen.startsWith("HTTP/1.1 403 "))).toEqual([]);
  expect([urls.length > 80, authorities.length > 60]).toEqual([true, true]);
  expect(site.connections()).toBe(0);
});

test.each(["site.test", "site.test:0x50", "site.test:80/x", "a@site.test:80", ":80", "*"])(
  "the proxy makes no tunnel to %s",
  async (authority) => {
    await using site = await openSite();
    await using proxy = await openProxy(site.port, { allow: ["site.test"] });

    expect(await proxy.tunnel(authority)).toMatch(/^HTTP\/1\.1 40[03] /);
  },
);

test("a proxy that is closed leaves no connection open", async () => {
  await using site = await openSite((_, response) => void response.write("half"));
  const proxy = await openProxy(site.port);
  const tunnelled = proxy.tunnel(`site.test:${site.port}`);
  await expect.poll(() => site.seen.length).toBe(1);

  await proxy[Symbol.asyncDispose]();

  expect(await tunnelled).toContain("half");
});
