import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";

import type { FakeDiscord, Page } from "../index.ts";
import { readBody } from "../rest/body.ts";
import { act } from "./act.ts";
import { viewFor } from "./view.ts";

// A person sees no difference, and a stream of edits becomes a few pictures a second.
const MIN_INTERVAL_MS = 40;

const HTML = readFileSync(new URL("page.html", import.meta.url));

/** The page on which a person talks to the bot: `/`, what it shows at `/view`, what one does at `/act`. */
export function createPage(discord: FakeDiscord): Page {
  return (request, response, { pathname, searchParams }) => {
    const asked = `${request.method} ${pathname}`;
    if (asked === "GET /") response.writeHead(200, { "content-type": "text/html" }).end(HTML);
    else if (asked === "GET /view") streamView(discord, searchParams, response);
    else if (asked === "POST /act") void carryOut(discord, request, response);
    else return false;
    return true;
  };
}

/** Sends the whole view after each change. */
function streamView(discord: FakeDiscord, query: URLSearchParams, response: ServerResponse): void {
  const [who, where] = [query.get("as") ?? "ana", query.get("in") ?? discord.general.id];
  let timer: NodeJS.Timeout | undefined;
  const send = () => {
    timer = undefined;
    response.write(`data: ${JSON.stringify(viewFor(discord, who, where))}\n\n`);
  };
  const stop = discord.onChange(() => (timer ??= setTimeout(send, MIN_INTERVAL_MS)));
  response.on("close", () => {
    stop();
    clearTimeout(timer);
  });
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  send();
}

/** What went wrong goes back as words for the person. */
async function carryOut(
  discord: FakeDiscord,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = (status: number, body: object) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  try {
    const { body } = await readBody(request);
    await act(discord, body);
    answer(200, {});
  } catch (error) {
    answer(400, { error: error instanceof Error ? error.message : String(error) });
  }
}
