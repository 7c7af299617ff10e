import type { McpSignInSettings, WebSettings } from "./shape.ts";
import type { Values } from "./variables.ts";

/** Where browsers come back to when people sign in to MCP servers. */
export function toMcpSignIn(values: Values, web: WebSettings | null): McpSignInSettings {
  const port = web === null || web.port === 0 ? DEFAULT_PORT : web.port;
  return {
    windowUrl: web === null ? null : windowUrlOf(values.CLARA_API_URL),
    localUrl: `http://localhost:${port}`,
    // Without a key nothing can be kept; an embedded database has one of its own.
    off:
      values.DATABASE_URL !== null && values.CLARA_SECRET_KEYS === null
        ? "There is no key to seal tokens with. Whoever runs me has to set CLARA_SECRET_KEYS to what `clara new-key` prints."
        : null,
  };
}

const DEFAULT_PORT = 8001;

const windowUrlOf = (url: string | null): string | null => url?.replace(/\/+$/, "") ?? null;
