import { readFileSync } from "node:fs";
import type { Context } from "hono";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { getCookie, setCookie } from "hono/cookie";
import type { Log } from "../../core/log.ts";
import type { BrowserSignIn, SignInAnswer } from "../../core/sign-in.ts";
import { asError } from "../../lib/as-error.ts";
import type { Words } from "./words.ts";

export interface SignInPagesDeps<Who, End> {
  readonly signIn: BrowserSignIn<Who, End>;
  readonly log: Log;
}

/** What is said on the way to one house, and with which status. */
export interface SignInWords<Who, End> {
  readonly start: (who: Who, challenge: string) => Words;
  /** The link is over. */
  readonly gone: Words;
  readonly end: (end: End) => Words;
  readonly status: (end: End) => EndStatus;
  /** No answer of the other house, or a broken one. */
  readonly unknown: Words;
  readonly otherBrowser: Words;
  readonly broken: Words;
}

export type EndStatus = 200 | 400 | 403 | 410 | 502;

export interface SignInPagesOptions {
  readonly botName: string;
  /** Below it are `start/<link>` and `callback`, for example /oauth/google. */
  readonly path: string;
  /** Also in the log: `<name>-sign-in-ended`. */
  readonly name: string;
  /** Browsers reach it by https, whatever stands in between. */
  readonly isSecure: boolean;
  /** Where the form may lead in the end, as a CSP says it, for example https://accounts.google.com. */
  readonly leadsTo: string;
}

const CSS = readFileSync(new URL("page.css", import.meta.url), "utf8");
const MAX_AGE_S = 600;
/** An exchange with the other house; the browser waits for it. */
const FINISH_MS = 45_000;
/** Far longer than anything of ours or theirs. */
const MAX_VALUE_CHARS = 4_000;
/** Of the one form there is. */
const MAX_FORM_BYTES = 4_096;

/**
 * The way through the browser: who is about to be signed in, on to the other house, and back with plain words. The key
 * stays in the browser as a cookie, so that nobody can end in one browser what was begun in another; and since it does
 * not come with a form of another site, nobody can send a person past the page that asks.
 */
export function signInPages<Who, End extends { readonly kind: string }>(
  { signIn, log }: SignInPagesDeps<Who, End>,
  words: SignInWords<Who, End>,
  { botName, path, name, isSecure, leadsTo }: SignInPagesOptions,
): Hono {
  const show = (c: Context, page: Words, status: EndStatus | 413 = 200) =>
    c.html(page.page(botName, `${path}/page.css`), status);
  const refuseLarge = (c: Context) => show(c, words.otherBrowser, 413);
  const cookie = `clara-${name}`;
  const linkIn = (c: Context) => (c.req.param("link") ?? "").slice(0, MAX_VALUE_CHARS);

  return new Hono()
    .use(`${path}/*`, async (c, next) => {
      await next();
      c.header("Content-Security-Policy", policy(leadsTo));
    })
    .get(`${path}/page.css`, (c) => c.body(CSS, 200, { "Content-Type": "text/css; charset=utf-8" }))
    .get(`${path}/start/:link`, async (c) => {
      const who = await signIn.look(linkIn(c));
      if (who === null) return show(c, words.gone, 410);
      const key = signIn.newKey();
      setCookie(c, cookie, key, {
        path,
        httpOnly: true,
        sameSite: "Lax",
        secure: isSecure,
        maxAge: MAX_AGE_S,
      });
      return show(c, words.start(who, signIn.challengeOf(key)));
    })
    .use(`${path}/start/:link`, bodyLimit({ maxSize: MAX_FORM_BYTES, onError: refuseLarge }))
    .post(`${path}/start/:link`, async (c) => {
      const key = getCookie(c, cookie) ?? "";
      const challenge = key === "" ? null : await challengeIn(c);
      if (challenge === null || signIn.challengeOf(key) !== challenge)
        return show(c, words.otherBrowser, 403);
      const url = await signIn.begin(linkIn(c), challenge);
      return url === null ? show(c, words.gone, 410) : c.redirect(url, 303);
    })
    .get(`${path}/callback`, async (c) => {
      const answer = answerIn(c.req.query());
      const state = c.req.query("state") ?? "";
      const key = getCookie(c, cookie) ?? "";
      if (answer === null || state === "" || state.length > MAX_VALUE_CHARS)
        return show(c, words.unknown, 400);
      const end = await finish(state, key, answer);
      // Whether it worked or not: the next one begins with a cookie of its own.
      if (end?.kind !== "other-browser")
        setCookie(c, cookie, "", { path, maxAge: 0, httpOnly: true, secure: isSecure });
      log.info({ end: end?.kind ?? "broken" }, `${name}-sign-in-ended`);
      return end === null ? show(c, words.broken, 502) : show(c, words.end(end), words.status(end));
    });

  /** null when something of ours broke. */
  async function finish(state: string, key: string, answer: SignInAnswer): Promise<End | null> {
    try {
      return await signIn.finish({ state, key, answer }, AbortSignal.timeout(FINISH_MS));
    } catch (error) {
      log.warn({ error: asError(error) }, `${name}-sign-in-failed`);
      return null;
    }
  }
}

/** null when the form has none, or is no form. */
async function challengeIn(c: Context): Promise<string | null> {
  try {
    const { challenge } = await c.req.parseBody();
    return typeof challenge === "string" ? challenge : null;
  } catch {
    return null; // Broken, or broken off.
  }
}

function answerIn(query: Readonly<Record<string, string>>): SignInAnswer | null {
  const { code = "", error = "", iss = null } = query;
  if (iss !== null && iss.length > MAX_VALUE_CHARS) return null;
  if (error !== "") return { kind: "error", error: error.slice(0, MAX_VALUE_CHARS), issuer: iss };
  return code === "" || code.length > MAX_VALUE_CHARS ? null : { kind: "code", code, issuer: iss };
}

/** No script at all; the form leads back here, and from here to the other house. */
const policy = (leadsTo: string): string =>
  [
    "default-src 'none'",
    "style-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    `form-action 'self' ${leadsTo}`,
  ].join("; ");
