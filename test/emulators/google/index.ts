import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import type { GoogleHosts } from "../../../src/tools/google/services.ts";
import { serve } from "../../serve.ts";
import { calendarRoutes } from "./calendar.ts";
import { driveRoutes } from "./drive.ts";
import { checkToken, oauthRoutes } from "./oauth.ts";
import { sheetAndDocRoutes } from "./sheets-and-docs.ts";
import { createState, type GoogleState } from "./state.ts";

export interface GoogleEmulator extends AsyncDisposable {
  readonly state: GoogleState;
  readonly port: number;
  /** On `host`, which the test's own resolver has to know. */
  readonly hosts: (host: string) => GoogleHosts;
}

const NEEDS = [
  [/^\/calendar\//, /calendar$/],
  [/^\/(?:upload\/)?drive\//, /drive/],
  [/^\/v4\//, /spreadsheets$/],
  [/^\/v1\//, /documents$/],
] as const;

/** Google's OAuth, Calendar, Drive, Sheets and Docs on this machine, with state, pages, errors, and a journal. */
export async function openGoogleEmulator(): Promise<GoogleEmulator> {
  const state = createState();
  const app = new Hono();
  app.use(async (c, next) => {
    const line = `${c.req.method} ${c.req.path}`;
    state.requests.push(line);
    const fault = state.faults.find(({ on, times }) => times > 0 && on.test(line));
    if (fault) {
      fault.times--;
      const text = typeof fault.body === "string" ? fault.body : JSON.stringify(fault.body);
      const type = typeof fault.body === "string" ? "text/html" : "application/json";
      return new Response(text, {
        status: fault.status,
        headers: { "content-type": type, ...fault.headers },
      });
    }
    const needs = NEEDS.find(([path]) => path.test(c.req.path));
    if (needs) checkToken(state, c.req.header("authorization"), needs[1]);
    return next();
  });
  app.route("/", oauthRoutes(state));
  app.route("/calendar/v3", calendarRoutes(state));
  app.route("/", driveRoutes(state));
  app.route("/", sheetAndDocRoutes(state));

  const listener = getRequestListener(app.fetch);
  const server = await serve((request, response) => void listener(request, response));
  const { port } = server;
  return {
    state,
    port,
    hosts: (host) => ({
      authorizeUrl: `http://${host}:${port}/o/oauth2/v2/auth`,
      tokenUrl: `http://${host}:${port}/token`,
      revokeUrl: `http://${host}:${port}/revoke`,
      apiRoot: `http://${host}:${port}/`,
    }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
