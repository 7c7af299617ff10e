import type { IncomingMessage, ServerResponse } from "node:http";
import { serve } from "../../serve.ts";
import { webNet } from "../../web-net.ts";
import { createNpm } from "./npm.ts";
import { createShelves, type Shelves } from "./shelves.ts";

/** Where servers come from: npm, the MCP registry, Smithery, GitHub and a registry of images, on this machine. */
export async function openSources() {
  const npm = createNpm();
  const shelves: Shelves = createShelves();
  const asked: string[] = [];
  const served = await serve((request, response) => {
    asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
    const origin = `http://127.0.0.1:${served.port}`;
    const path = new URL(request.url ?? "/", origin).pathname;
    const found = path.startsWith("/npm/") ? npm.answer(path, origin) : null;
    if (found !== null) return send(response, 200, found);
    if (path.startsWith("/npm/")) return send(response, 404, { error: "Not found" });
    shelves.answer(request, response, origin);
  });
  const { port, url } = served;
  return {
    npm,
    shelves,
    asked,
    port,
    url,
    fetch: webNet(port, { allow: [`127.0.0.1:${port}`], ports: [port] }).fetch,
    upstreams: {
      npm: `${url}/npm`,
      registry: `${url}/registry`,
      smithery: `${url}/smithery`,
      smitheryHosted: "https://server.smithery.ai",
      github: `${url}/github`,
      dockerHub: `${url}/docker`,
    },
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  };
}

function send(
  response: ServerResponse<IncomingMessage>,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const isBytes = Buffer.isBuffer(body);
  response.writeHead(status, {
    "content-type": isBytes ? "application/octet-stream" : "application/json",
    ...headers,
  });
  response.end(isBytes ? body : JSON.stringify(body));
}
