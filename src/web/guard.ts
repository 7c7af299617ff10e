import { isIP } from "node:net";
import type { Context, MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";

/** What any response may do in a browser: only what comes from here, and no markup that came in as text. */
const HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
} as const;

/** A page that needs something else says so by itself. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS))
    if (!c.res.headers.has(name)) c.header(name, value);
};

/** True for names and addresses that only this machine can mean. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);

/** Present when somebody in between asks for others: then nobody knows whose browser it is. */
const PROXY_HEADERS = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host"] as const;

export const cameByProxy = (c: Context): boolean =>
  PROXY_HEADERS.some((name) => c.req.header(name) !== undefined);

/**
 * Against a foreign name that was made to point here (DNS rebinding): names that only this machine can mean pass, and
 * bare addresses when others may come too. And against a proxy that would make the world look local.
 */
export function onlyKnownHosts({ othersToo }: { readonly othersToo: boolean }): MiddlewareHandler {
  return async (c, next) => {
    const hostname = URL.parse(`http://${c.req.header("host") ?? ""}`)?.hostname ?? "";
    const isAddress = isIP(hostname.replace(/^\[|\]$/g, "")) !== 0;
    if (!isLoopback(hostname) && !(othersToo && isAddress))
      throw new HTTPException(403, {
        message: othersToo
          ? "Open this page by the address of the machine, not by a name."
          : "This page answers only to its own machine: open it as http://localhost with its port.",
      });
    if (cameByProxy(c))
      throw new HTTPException(403, {
        message: "The playground is not served through a proxy: open it directly.",
      });
    await next();
  };
}

/**
 * Against other pages in the same browser, which can reach this port too. Browsers name the page a request comes from
 * in Origin, on reads of the same page only in Sec-Fetch-Site; a program that is no browser sends neither on a read.
 */
export const onlyOwnPage: MiddlewareHandler = async (c, next) => {
  const origin = c.req.header("origin");
  const site = c.req.header("sec-fetch-site");
  const isRead = c.req.method === "GET";
  const own = `http://${c.req.header("host") ?? ""}`;
  const allowed =
    origin === undefined
      ? isRead && (site === undefined || site === "same-origin" || site === "none")
      : origin === own;
  if (!allowed)
    throw new HTTPException(403, {
      message: `Only the playground's own page may do this: send it from ${own}, with the header Origin.`,
    });
  await next();
};
