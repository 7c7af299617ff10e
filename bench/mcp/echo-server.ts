/** The library's own server with one tool: `node echo-server.ts stdio`, or `node echo-server.ts http`, which tells its port. */
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";

const server = (): McpServer => {
  const made = new McpServer({ name: "echo", version: "1.0.0" });
  made.registerTool(
    "echo",
    {
      description: "Gives back what it is given",
      inputSchema: z.object({ text: z.string() }),
      annotations: { readOnlyHint: true },
    },
    async ({ text }) => ({ content: [{ type: "text", text }] }),
  );
  return made;
};

if (process.argv[2] === "http") {
  const handler = createMcpHandler(server);
  const answer = getRequestListener((request) => handler.fetch(request));
  const listener = createServer((request, response) => void answer(request, response));
  listener.listen(0, "127.0.0.1", () => {
    const address = listener.address();
    console.log(typeof address === "object" ? address?.port : "");
  });
  process.stdin.resume().on("end", () => process.exit(0));
} else serveStdio(server);
