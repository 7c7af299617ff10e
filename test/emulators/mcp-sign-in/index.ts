import { createHash, randomUUID } from "node:crypto";
import { getRequestListener } from "@hono/node-server";
import { Hono, type Context } from "hono";
import { serve } from "../../serve.ts";

/** What was asked, and with what. */
export interface Asked {
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
  readonly authorization: string | null;
}

/** What a test may change while it runs. */
export interface SignInState {
  /** Over what the resource and the sign-in server say of themselves. */
  resource: object;
  server: object;
  /** Whether the resource describes itself nowhere. */
  isHidden: boolean;
  /** In the 401; null: at the customary place. */
  resourceMetadata: string | null;
  scope: string | null;
  /** Scopes without which a request gets a 403. */
  needs: string[];
  lifeS: number | null;
  /** Of the next token requests, instead of tokens. */
  tokenFaults: { readonly status: number; readonly body: unknown }[];
  registers: boolean;
  /** Whether what it says to whoever comes without a token can be read. */
  isGarbled: boolean;
  /** Over the query with which the browser is sent back. */
  back: Record<string, string | null>;
}

interface Grant {
  readonly person: string;
  readonly scopes: readonly string[];
  readonly challenge: string;
  readonly redirectUri: string;
}

/** A hosted MCP server with a sign-in server of its own, in one process: OAuth 2.1 as MCP wants it, on this machine. */
export async function openSignInEmulator() {
  const asked: Asked[] = [];
  const codes = new Map<string, Grant>();
  const access = new Map<string, readonly string[]>();
  const refresh = new Map<string, readonly string[]>();
  const app = new Hono();
  const answer = getRequestListener(app.fetch);
  const served = await serve((request, response) => void answer(request, response));
  const { port } = served;
  const origin = `http://localhost:${port}`;
  const url = `${origin}/mcp`;
  let people = 0;
  const state: SignInState = {
    resource: {},
    server: {},
    isHidden: false,
    resourceMetadata: null,
    scope: null,
    needs: [],
    lifeS: 3_600,
    tokenFaults: [],
    registers: true,
    isGarbled: false,
    back: {},
  };

  app.use(async (c, next) => {
    const authorization = c.req.header("authorization") ?? null;
    asked.push({ path: c.req.path, form: await formOf(c), authorization });
    await next();
  });
  app.get("/.well-known/oauth-protected-resource/mcp", (c) =>
    state.isHidden
      ? c.notFound()
      : c.json({ resource: url, authorization_servers: [origin], ...state.resource }),
  );
  app.get("/.well-known/oauth-authorization-server", (c) =>
    c.json({
      issuer: origin,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      registration_endpoint: `${origin}/register`,
      revocation_endpoint: `${origin}/revoke`,
      response_types_supported: ["code"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["none", "client_secret_post"],
      authorization_response_iss_parameter_supported: true,
      ...state.server,
    }),
  );
  app.post("/register", async (c) =>
    state.registers
      ? c.json({ ...(await c.req.json<object>()), client_id: randomUUID() }, 201)
      : c.json({ error: "access_denied" }, 403),
  );
  app.get("/authorize", (c) => {
    const code = randomUUID();
    const {
      scope = "",
      code_challenge: challenge = "",
      redirect_uri: redirectUri = "",
    } = c.req.query();
    const scopes = scope.split(" ").filter(Boolean);
    codes.set(code, { person: `person${++people}`, scopes, challenge, redirectUri });
    const back = new URL(redirectUri);
    const query = { code, state: c.req.query("state") ?? "", iss: origin, ...state.back };
    for (const [name, value] of Object.entries(query))
      if (value !== null) back.searchParams.set(name, value);
    return c.redirect(back.href);
  });
  app.post("/token", async (c) => {
    const fault = state.tokenFaults.shift();
    if (fault) return c.json(fault.body as object, fault.status as 400);
    const form = await formOf(c);
    const scopes = form["grant_type"] === "refresh_token" ? useRefresh(form) : useCode(form);
    if (scopes === null) return c.json({ error: "invalid_grant" }, 400);
    const [accessToken, refreshToken] = [`access-${randomUUID()}`, `refresh-${randomUUID()}`];
    access.set(accessToken, scopes);
    refresh.set(refreshToken, scopes);
    return c.json({
      access_token: accessToken,
      refresh_token: refreshToken,
      token_type: "Bearer",
      ...(state.lifeS !== null && { expires_in: state.lifeS }),
      ...(scopes.length > 0 && { scope: scopes.join(" ") }),
    });
  });
  app.post("/revoke", async (c) => {
    const form = await formOf(c);
    refresh.delete(form["token"] ?? "");
    access.clear();
    return c.body(null, 200);
  });
  app.post("/mcp", (c) => {
    if (state.isGarbled) return c.body("no gzip", 401, { "content-encoding": "gzip" });
    const scopes = access.get(c.req.header("authorization")?.replace(/^Bearer /, "") ?? "");
    const metadata = state.resourceMetadata && `, resource_metadata="${state.resourceMetadata}"`;
    const challenge = (more: string) => ({ "WWW-Authenticate": `Bearer ${more}${metadata ?? ""}` });
    const wanted = state.scope === null ? "" : `, scope="${state.scope}"`;
    if (!scopes) return c.json({}, 401, challenge(`error="invalid_token"${wanted}`));
    if (state.needs.some((scope) => !scopes.includes(scope)))
      return c.json(
        {},
        403,
        challenge(`error="insufficient_scope", scope="${state.needs.join(" ")}"`),
      );
    return c.json({ jsonrpc: "2.0", id: 1, result: {} });
  });

  function useCode(form: Asked["form"]): readonly string[] | null {
    const grant = codes.get(form["code"] ?? "");
    codes.delete(form["code"] ?? "");
    const challenge = createHash("sha256")
      .update(form["code_verifier"] ?? "")
      .digest("base64url");
    const isGood = grant?.challenge === challenge && grant.redirectUri === form["redirect_uri"];
    return isGood && form["resource"] === url ? grant.scopes : null;
  }

  /** Each is taken once. */
  function useRefresh(form: Asked["form"]): readonly string[] | null {
    const scopes = refresh.get(form["refresh_token"] ?? "") ?? null;
    refresh.delete(form["refresh_token"] ?? "");
    return scopes;
  }

  return {
    url,
    origin,
    port,
    state,
    asked,
    /** How often a path was asked for. */
    count: (path: string) => asked.filter((each) => each.path === path).length,
    /** From now on no token that was given so far is taken. */
    forgetAccess: () => access.clear(),
    forgetRefresh: () => refresh.clear(),
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  };
}

async function formOf({ req }: Context): Promise<Asked["form"]> {
  const isForm = req.header("content-type")?.includes("form-urlencoded") === true;
  return isForm ? Object.fromEntries(new URLSearchParams(await req.text())) : {};
}
