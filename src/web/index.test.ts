import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { recordingWebDeps, webOptions } from "../../test/web-deps.ts";
import { createWeb } from "./index.ts";

const start = async () => {
  const stop = new AbortController();
  const { promise: listening, resolve } = Promise.withResolvers<string>();
  const web = createWeb({ ...recordingWebDeps(), onListening: resolve }, webOptions);
  const running = web.run(stop.signal);
  const url = await Promise.race([listening, running.then(() => "ended")]);
  return { web, url, running, stop };
};

test("the window is open where it says, until the signal", async () => {
  const { web, url, running, stop } = await start();

  const response = await fetch(url);

  expect(url).toBe(web.url());
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d{4,5}\/$/);
  expect(response.status).toBe(200);
  expect(await response.text()).toContain("<title>Clara</title>");
  stop.abort();
  await running;
  await expect(fetch(url)).rejects.toThrow("fetch failed");
});

test("the window closes within two seconds though somebody listens, and ends their stream", async () => {
  const { url, running, stop } = await start();
  const stream = await fetch(`${url}api/playground/events?conversation=web:0198f3a2`);
  const startedAt = performance.now();

  stop.abort();
  await running;

  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(await stream.text()).toBe("retry: 1000\n\n");
});

test("a port that is taken is said with what to do", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;

  const running = createWeb(recordingWebDeps(), { ...webOptions, port }).run(
    new AbortController().signal,
  );

  await expect(running).rejects.toThrow(`Port ${port} is taken; set PORT to another one.`);
  await new Promise((resolve) => other.close(resolve));
});

test("an address that this machine does not have is said with what to do", async () => {
  const options = { ...webOptions, host: "203.0.113.7" };

  const running = createWeb(recordingWebDeps(), options).run(new AbortController().signal);

  await expect(running).rejects.toThrow("This machine has no address 203.0.113.7");
});

test("an address of many colons is written as a browser takes it", () => {
  const web = createWeb(recordingWebDeps(), { ...webOptions, host: "::1", port: 8001 });

  expect(web.url()).toBe("http://[::1]:8001/");
});
