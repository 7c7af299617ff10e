import type { RESTOptions } from "discord.js";
import { DefaultRestOptions } from "discord.js";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";

/**
 * 401, 403 and 429 (save those of a shared resource). At 10,000 within ten minutes Discord bans the address.
 * https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
 */
const MAX_INVALID_REQUESTS = 2_000;
const INVALID_WINDOW_MS = 10 * 60_000;
/** A longer wait is the caller's: the library would hold the request for that time, deaf to its signal. */
const MAX_RATE_LIMIT_WAIT_MS = 60_000;
const REQUEST_TIMEOUT_MS = 15_000;

/** We send nothing to Discord, for now or for good; the message says why and what to do. */
export class RestStopped extends Error {
  override readonly name = "RestStopped";
}

export interface RestDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Takes secrets out of what is sent: of every message, name, button and form. */
  readonly cleanText?: (text: string) => string;
  /** Called once, when Discord refuses the token: nothing will work until somebody gives a new one. */
  readonly onUnauthorised: () => void;
}

export interface RestSettings {
  /** null: Discord's own. */
  readonly apiBase: string | null;
  readonly timeoutMs?: number;
}

/**
 * How discord.js has to speak to Discord: for `new REST(...)`, and for `new Client({ rest })`. All that are made from
 * one result share its guards: after a 401 nothing is sent any more, after too many invalid requests nothing for a while.
 */
export function restOptions(
  deps: RestDeps,
  { apiBase, timeoutMs = REQUEST_TIMEOUT_MS }: RestSettings,
): Partial<RESTOptions> {
  const guard = createGuard(deps);
  const { cleanText = (text) => text } = deps;
  return {
    api: apiBase ?? DefaultRestOptions.api,
    // Without a readable Retry-After (Cloudflare's own 429) the library would ask again at once, and again.
    rejectOnRateLimit: ({ retryAfter }) =>
      !(retryAfter > 0 && retryAfter <= MAX_RATE_LIMIT_WAIT_MS),
    async makeRequest(url, init) {
      // A request that waited in a queue is dropped here. One that is on the wire is awaited, whatever its signal says:
      // an edit that was given up could reach Discord after a newer one.
      init.signal?.throwIfAborted();
      guard.check();
      const response = await DefaultRestOptions.makeRequest(url, {
        ...init,
        ...cleanBody(init, cleanText),
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (response.status === 401 && holdsToken(init)) guard.unauthorised();
      if (isInvalid(response.status, response.headers.get("x-ratelimit-scope"))) guard.invalid();
      return response;
    },
  };
}

type RequestInit = Parameters<RESTOptions["makeRequest"]>[1];

/** The message, as JSON; in a form it stands beside files, which are what they are, save their names. */
function cleanBody(
  { body }: RequestInit,
  clean: (text: string) => string,
): Pick<RequestInit, "body"> {
  if (typeof body === "string") return { body: cleanJson(body, clean) };
  if (!(body instanceof FormData)) return {};
  const form: FormData = body;
  for (const [name, value] of form.entries()) {
    if (typeof value === "string") form.set(name, cleanJson(value, clean));
    else form.set(name, value, clean(value.name));
  }
  // The form itself was changed.
  return {};
}

const cleanJson = (text: string, clean: (text: string) => string): string =>
  JSON.stringify(
    JSON.parse(text, (_, value: unknown) => (typeof value === "string" ? clean(value) : value)),
  );

/** Requests with an interaction's token instead of the bot's are answered with 401, too, once that has expired. */
const holdsToken = ({ headers }: Parameters<RESTOptions["makeRequest"]>[1]): boolean =>
  new Headers(headers as Record<string, string>).has("authorization");

const isInvalid = (status: number, scope: string | null): boolean =>
  status === 401 || status === 403 || (status === 429 && scope !== "shared");

function createGuard({ clock, log, onUnauthorised }: RestDeps) {
  let isRefused = false;
  let invalid = 0;
  let windowEndsAt = 0;

  const startWindow = () => {
    if (clock.elapsedMs() < windowEndsAt) return;
    windowEndsAt = clock.elapsedMs() + INVALID_WINDOW_MS;
    invalid = 0;
  };
  return {
    /** Throws while nothing may be sent. */
    check() {
      if (isRefused)
        throw new RestStopped(
          "Discord refused the bot's token; start again with a valid DISCORD_BOT_TOKEN",
        );
      startWindow();
      if (invalid < MAX_INVALID_REQUESTS) return;
      const waitMs = Math.ceil(windowEndsAt - clock.elapsedMs());
      throw new RestStopped(
        `Too many invalid requests to Discord; nothing is sent for ${waitMs} ms`,
      );
    },
    invalid() {
      startWindow();
      invalid += 1;
      if (invalid === MAX_INVALID_REQUESTS)
        log.error({ requests: invalid, withinMs: INVALID_WINDOW_MS }, "discord-requests-stopped");
    },
    unauthorised() {
      if (isRefused) return;
      isRefused = true;
      log.error({ status: 401 }, "discord-token-refused");
      onUnauthorised();
    },
  };
}
