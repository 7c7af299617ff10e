import { Hono } from "hono";
import type { McpSignInEnd, McpSignInPerson } from "../../core/mcp-sign-in.ts";
import type { Log } from "../../core/log.ts";
import type { BrowserSignIn } from "../../core/sign-in.ts";
import { signInPages } from "../sign-in/pages.ts";
import { mcpWords } from "./words.ts";

export interface WebMcpSignIn {
  readonly signIn: BrowserSignIn<McpSignInPerson, McpSignInEnd>;
  /** How Clara shows herself to sign-in servers; null where they could not fetch it. */
  readonly clientDocument: object | null;
  /** Browsers reach the window by https, whatever stands in between. */
  readonly isSecure: boolean;
}

const PATH = "/oauth/mcp";
/** Any sign-in server that a person was shown before; on this machine also without encryption. */
const ANYWHERE = "https: http://localhost:* http://127.0.0.1:*";

/** Where people sign in to MCP servers, and where sign-in servers read who Clara is. */
export function mcpSignInRoutes(
  { signIn, clientDocument, isSecure }: WebMcpSignIn,
  log: Log,
  botName: string,
): Hono {
  const app = new Hono();
  if (clientDocument !== null)
    app.get(`${PATH}/client.json`, (c) =>
      c.json(clientDocument, 200, { "Cache-Control": "public, max-age=3600" }),
    );
  const options = { botName, path: PATH, name: "mcp", isSecure, leadsTo: ANYWHERE };
  return app.route("/", signInPages({ signIn, log }, mcpWords, options));
}
