import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { Hono } from "hono";

const FOLDER = new URL("playground/", import.meta.url);

const TYPES = new Map([
  [".html", "text/html; charset=utf-8"],
  [".css", "text/css; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".svg", "image/svg+xml"],
]);

/** The files of playground/ as they lie there, read once. A name that is not there, or of another type, does not exist. */
export function playgroundPage(): Hono {
  const page = new Hono();
  for (const name of readdirSync(FOLDER)) {
    const type = TYPES.get(extname(name));
    if (type === undefined) continue;
    const body = readFileSync(new URL(name, FOLDER), "utf8");
    const path = name === "index.html" ? "/" : `/playground/${name}`;
    page.get(path, (c) => c.body(body, 200, { "Content-Type": type }));
  }
  return page;
}

/** What is said instead where the playground is off. */
export const noPlayground = (botName: string): string =>
  `${botName} is running. There is no playground here, since it asks nobody who they are.

To have it on the machine itself, start her with CLARA_WEB_HOST=127.0.0.1, and from elsewhere forward the port to
yourself: ssh -L 8001:127.0.0.1:8001 your-server. Or talk in the terminal: npm run chat.
To have it for everybody who can reach this address, set CLARA_PLAYGROUND=on.

GET /health says how she is, GET /ready whether she takes work.
`;
