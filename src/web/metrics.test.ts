import { expect, test } from "vitest";
import { recordingWebDeps, webOptions } from "../../test/web-deps.ts";
import { createWebApp } from "./app.ts";

const ask = (headers: Record<string, string> = {}) => {
  const options = { ...webOptions, playground: false, host: "0.0.0.0" };
  const app = createWebApp(recordingWebDeps(), options, new AbortController().signal);
  return app.request("/metrics", { headers: { host: "clara.internal:8001", ...headers } });
};

test("/metrics is text for Prometheus", async () => {
  const response = await ask();

  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(await response.text()).toBe("clara_up 1\n");
});

test.each(["x-forwarded-for", "forwarded", "via"])(
  "/metrics tells nothing to whoever comes by a proxy (%s)",
  async (name) => {
    const response = await ask({ [name]: "203.0.113.7" });

    expect(response.status).toBe(403);
    expect(await response.text()).not.toContain("clara_up");
  },
);
