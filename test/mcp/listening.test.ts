import type { ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { expect, onTestFinished, test } from "vitest";
import { newMcpServer } from "../mcp-rows.ts";
import { serve } from "../serve.ts";
import { openPlugIns } from "./open-plug-ins.ts";

/** The library's own server of the newest revision on the web, whose tools can change and whose streams can be cut. */
async function serveChanging() {
  const names = ["first"];
  const streams = new Set<ServerResponse>();
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: "changing", version: "1.0.0" });
    for (const name of names) server.registerTool(name, {}, async () => ({ content: [] }));
    return server;
  });
  const answer = getRequestListener((request) => handler.fetch(request));
  const site = await serve((request, response) => {
    streams.add(response);
    response.on("close", () => streams.delete(response));
    void answer(request, response);
  });
  onTestFinished(() => site[Symbol.asyncDispose]());
  const row = newMcpServer({ owner: { kind: "operator" }, name: "changing" });
  const launch =
    row.launch.kind === "http" ? { ...row.launch, url: `${site.url}/mcp` } : row.launch;
  return { names, handler, streams, server: { ...row, launch } };
}

test("the newest revision: a change of its tools is heard on its stream", async () => {
  const { names, handler, server } = await serveChanging();
  const { add, mcp } = await openPlugIns();
  const { id } = await add(server);
  expect((await mcp.control.look(id)).protocolVersion).toBe("2026-07-28");

  names.push("second");
  handler.notify.toolsChanged();

  await expect
    .poll(async () => (await mcp.review.tools(id)).map(({ tool }) => tool.name))
    .toEqual(["first", "second"]);
});

test("the newest revision: a stream that was cut off is begun again, and what was missed meanwhile is found", async () => {
  const { names, streams, server } = await serveChanging();
  const { add, mcp } = await openPlugIns();
  const { id } = await add(server);
  await expect.poll(() => streams.size).toBeGreaterThan(0);

  names.push("missed");
  for (const stream of streams) stream.destroy();

  await expect
    .poll(async () => (await mcp.review.tools(id)).map(({ tool }) => tool.name))
    .toEqual(["first", "missed"]);
});
