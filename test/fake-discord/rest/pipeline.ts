import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import type { FaultSpec, Faults } from "../faults.ts";
import type { Journal, RestEntry } from "../journal.ts";
import { DiscordError, unauthorized } from "../world/errors.ts";
import type { JsonObject } from "../world/model.ts";
import { type Body, readBody } from "./body.ts";
import type { RateLimiter, Verdict } from "./rate-limit.ts";
import { type FoundRoute, type RestReply, type Route, createRouter } from "./route.ts";

export interface PipelineDeps {
  readonly routes: readonly Route[];
  readonly journal: Journal;
  readonly faults: Faults;
  readonly limiter: RateLimiter;
  readonly token: () => string;
}

export type Pipeline = (
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
) => Promise<void>;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly entry: RestEntry;
  readonly fault: FaultSpec | null;
}

const NOT_FOUND: RestReply = { status: 404, body: { message: "404: Not Found", code: 0 } };

/** One REST request from journal to answer: faults, token, rate limit, work, and faults again. */
export function createPipeline(deps: PipelineDeps): Pipeline {
  const find = createRouter(deps.routes);

  return async (request, response, { pathname, searchParams }) => {
    const path = pathname.replace(/^\/api(\/v\d+)?/, "");
    const method = request.method ?? "GET";
    const found = find(method, path);
    const body = await readBody(request).catch(toError);
    const entry = deps.journal.addRest({
      method,
      path,
      route: found?.route.path ?? path,
      body: said(body),
      status: "pending",
    });
    const exchange = { request, response, entry, fault: deps.faults.strike(method, path) };

    const isOver = exchange.fault !== null && (await strikesBefore(exchange, exchange.fault));
    if (!isOver) {
      const { reply, headers } = await work(deps, exchange, { found, body, query: searchParams });
      await answer(exchange, reply, headers);
    }
    deps.journal.answered();
  };
}

function said(body: Body | DiscordError): JsonObject | readonly unknown[] {
  if (body instanceof DiscordError) return {};
  return body.list.length > 0 ? body.list : body.body;
}

interface Asked {
  readonly found: FoundRoute | null;
  readonly body: Body | DiscordError;
  readonly query: URLSearchParams;
}

interface Worked {
  readonly reply: RestReply;
  readonly headers: Readonly<Record<string, string>>;
}

async function work(
  deps: PipelineDeps,
  { request, entry }: Exchange,
  asked: Asked,
): Promise<Worked> {
  const { found, body, query } = asked;
  if (!found) return { reply: NOT_FOUND, headers: {} };
  const { route, params } = found;
  if (!route.isOpen && request.headers.authorization !== `Bot ${deps.token()}`) {
    return { reply: toReply(unauthorized()), headers: {} };
  }
  const verdict = deps.limiter.take({ method: route.method, route: route.path, params });
  if (verdict.refused) return tooMany(entry, verdict.refused, verdict.headers);
  if (body instanceof DiscordError) return { reply: toReply(body), headers: verdict.headers };

  const param = (name: string) => params[name] ?? "";
  const reply = await Promise.try(() => route.handle({ ...body, query, param })).catch(
    (error: unknown) => toReply(toError(error)),
  );
  return { reply, headers: verdict.headers };
}

function tooMany(
  entry: RestEntry,
  {
    scope,
    retryAfterMs,
  }: NonNullable<Verdict["refused"]> | { readonly scope: "shared"; readonly retryAfterMs: number },
  headers: Readonly<Record<string, string>> = {},
): Worked {
  const seconds = retryAfterMs / 1000;
  entry.scope = scope;
  return {
    reply: {
      status: 429,
      body: {
        message: "You are being rate limited.",
        retry_after: seconds,
        global: scope === "global",
      },
    },
    headers: {
      ...headers,
      "retry-after": String(Math.ceil(seconds)),
      "x-ratelimit-scope": scope,
      ...(scope === "global" ? { "x-ratelimit-global": "true" } : {}),
    },
  };
}

/** True when the fault was the whole answer. */
async function strikesBefore(exchange: Exchange, fault: FaultSpec): Promise<boolean> {
  const { response, entry } = exchange;
  switch (fault.kind) {
    case "status-before":
      send(exchange, { status: fault.status ?? 500, body: faultBody(fault) }, {});
      return true;
    case "rate-limit": {
      const limited = tooMany(entry, {
        scope: fault.scope ?? "user",
        retryAfterMs: fault.ms ?? 1000,
      });
      send(
        exchange,
        fault.body === undefined ? limited.reply : { status: 429, body: fault.body },
        limited.headers,
      );
      return true;
    }
    case "reset-before":
      entry.status = "reset";
      response.socket?.resetAndDestroy();
      return true;
    case "hang":
      entry.status = "silence";
      return true;
    case "slow":
      await sleep(fault.ms ?? 1000, undefined, { ref: false });
      return false;
    case "status-after-commit":
    case "reset-after-commit":
    case "half-open":
      return false;
  }
}

async function answer(
  exchange: Exchange,
  reply: RestReply,
  headers: Worked["headers"],
): Promise<void> {
  const { fault, response, entry } = exchange;
  if (fault?.kind === "status-after-commit") {
    return send(exchange, { status: fault.status ?? 502, body: faultBody(fault) }, {});
  }
  if (fault?.kind === "reset-after-commit") {
    entry.status = "reset";
    response.socket?.resetAndDestroy();
    return;
  }
  if (fault?.kind === "half-open") {
    const bytes = Buffer.from(JSON.stringify(reply.body ?? {}));
    entry.status = "silence";
    response.writeHead(reply.status, {
      "content-type": "application/json",
      "content-length": bytes.length,
    });
    response.write(bytes.subarray(0, bytes.length / 2));
    return;
  }
  send(exchange, reply, headers);
}

function faultBody({ body, status }: FaultSpec): string | object {
  return body ?? { message: `${status ?? 502}: a fault that a test asked for`, code: 0 };
}

function send(
  { response, entry }: Exchange,
  { status, body }: RestReply,
  headers: Worked["headers"],
): void {
  entry.status = status;
  if (body === undefined) return void response.writeHead(status, headers).end();
  const isHtml = typeof body === "string";
  const text = isHtml ? body : JSON.stringify(body);
  response
    .writeHead(status, { ...headers, "content-type": isHtml ? "text/html" : "application/json" })
    .end(text);
}

function toReply(error: DiscordError): RestReply {
  return { status: error.status, body: error.toJSON() };
}

/** Errors of our own making are bugs of the fake: they show as a 500 with the reason, which tests will see. */
function toError(error: unknown): DiscordError {
  return error instanceof DiscordError
    ? error
    : new DiscordError(
        500,
        0,
        `the fake Discord broke: ${error instanceof Error ? error.stack : String(error)}`,
      );
}
