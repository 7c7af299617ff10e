import { readFileSync } from "node:fs";
import type { Context } from "hono";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { getCookie, setCookie } from "hono/cookie";
import type { GoogleAnswer, GoogleSignIn, SignInEnd } from "../../core/google.ts";
import type { Log } from "../../core/log.ts";
import { asError } from "../../lib/as-error.ts";
import { endPage, goneLinkPage, startPage, type Words } from "./words.ts";

export interface GooglePagesDeps {
  readonly signIn: GoogleSignIn;
  readonly log: Log;
}

export interface GooglePagesOptions {
  readonly botName: string;
  /** Browsers reach it by https, whatever stands in between. */
  readonly isSecure: boolean;
  /** Where the form may lead in the end, for example https://accounts.google.com. */
  readonly googleOrigin: string;
}

const CSS = readFileSync(new URL("page.css", import.meta.url), "utf8");
const COOKIE = "clara-google";
const PATH = "/oauth/google";
const MAX_AGE_S = 600;
/** An exchange with Google; the browser waits for it. */
const FINISH_MS = 45_000;
/** Far longer than anything of ours or Google's. */
const MAX_VALUE_CHARS = 2_000;
/** Of the one form there is. */
const MAX_FORM_BYTES = 4_096;

/**
 * The way through the browser: who is about to be connected, on to Google, and back with plain words. PKCE's verifier
 * stays in the browser as a cookie, so that nobody can end in one browser what was begun in another; and since it does
 * not come with a form of another site, nobody can send a person past the page that asks.
 */
export function googlePages(
  { signIn, log }: GooglePagesDeps,
  { botName, isSecure, googleOrigin }: GooglePagesOptions,
): Hono {
  const show = (c: Context, words: Words, status: 200 | 400 | 403 | 410 | 413 | 502 = 200) =>
    c.html(words.page(botName), status);
  const refuseLarge = (c: Context) => show(c, endPage({ kind: "other-browser" }), 413);

  return new Hono()
    .use(async (c, next) => {
      await next();
      c.header("Content-Security-Policy", policy(googleOrigin));
    })
    .get(`${PATH}/page.css`, (c) => c.body(CSS, 200, { "Content-Type": "text/css; charset=utf-8" }))
    .get(`${PATH}/start/:link`, async (c) => {
      const person = await signIn.look(c.req.param("link").slice(0, MAX_VALUE_CHARS));
      if (person === null) return show(c, goneLinkPage, 410);
      const verifier = signIn.newVerifier();
      setCookie(c, COOKIE, verifier, {
        path: PATH,
        httpOnly: true,
        sameSite: "Lax",
        secure: isSecure,
        maxAge: MAX_AGE_S,
      });
      return show(c, startPage(person, signIn.challengeOf(verifier)));
    })
    .use(`${PATH}/start/:link`, bodyLimit({ maxSize: MAX_FORM_BYTES, onError: refuseLarge }))
    .post(`${PATH}/start/:link`, async (c) => {
      const verifier = getCookie(c, COOKIE) ?? "";
      const challenge = verifier === "" ? null : await challengeIn(c);
      if (challenge === null || signIn.challengeOf(verifier) !== challenge)
        return show(c, endPage({ kind: "other-browser" }), 403);
      const url = await signIn.begin(c.req.param("link").slice(0, MAX_VALUE_CHARS), challenge);
      return url === null ? show(c, goneLinkPage, 410) : c.redirect(url, 303);
    })
    .get(`${PATH}/callback`, async (c) => {
      const answer = answerIn(c.req.query());
      const state = c.req.query("state") ?? "";
      const verifier = getCookie(c, COOKIE) ?? "";
      if (answer === null || state === "" || state.length > MAX_VALUE_CHARS)
        return show(c, endPage({ kind: "unknown" }), 400);
      const end = await finish(state, verifier, answer);
      // Whether it worked or not: the next one begins with a cookie of its own.
      if (end.kind !== "other-browser")
        setCookie(c, COOKIE, "", { path: PATH, maxAge: 0, httpOnly: true, secure: isSecure });
      log.info({ end: end.kind }, "google-sign-in-ended");
      return show(c, endPage(end), STATUS[end.kind]);
    });

  async function finish(state: string, verifier: string, answer: GoogleAnswer): Promise<SignInEnd> {
    try {
      return await signIn.finish({ state, verifier, answer }, AbortSignal.timeout(FINISH_MS));
    } catch (error) {
      log.warn({ error: asError(error) }, "google-sign-in-failed");
      return { kind: "failed", says: "Something went wrong on my side; my log says more." };
    }
  }
}

const STATUS: Readonly<Record<SignInEnd["kind"], 200 | 400 | 403 | 410 | 502>> = {
  connected: 200,
  declined: 200,
  unknown: 400,
  expired: 410,
  "other-browser": 403,
  failed: 502,
};

/** null when the form has none, or is no form. */
async function challengeIn(c: Context): Promise<string | null> {
  try {
    const { challenge } = await c.req.parseBody();
    return typeof challenge === "string" ? challenge : null;
  } catch {
    return null; // Broken, or broken off.
  }
}

function answerIn(query: Readonly<Record<string, string>>): GoogleAnswer | null {
  const { code = "", error = "" } = query;
  if (error !== "") return { kind: "error", error };
  return code === "" || code.length > MAX_VALUE_CHARS ? null : { kind: "code", code };
}

/** No script at all; the form leads back here, and from here to Google. */
const policy = (googleOrigin: string): string =>
  [
    "default-src 'none'",
    "style-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    `form-action 'self' ${googleOrigin}`,
  ].join("; ");
