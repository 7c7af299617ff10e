import { createHash } from "node:crypto";
import { Hono } from "hono";
import { html } from "hono/html";
import { refuse, textOr } from "./answers.ts";
import type { GoogleState } from "./state.ts";

export const CLIENT = { clientId: "client-1", clientSecret: "shhh-client-secret" };

/** https://developers.google.com/identity/protocols/oauth2/web-server, for somebody who says yes at once. */
export function oauthRoutes(state: GoogleState): Hono {
  const fail = (error: string, status: 400 | 401 = 400) =>
    Response.json({ error, error_description: error }, { status });

  function issue(grant: string): Response {
    const scopes = state.grants.get(grant)?.scopes ?? [];
    const token = `access-${state.nextId()}`;
    state.tokens.set(token, { grant, expiresAt: Date.now() + state.tokenSeconds * 1_000 });
    const claims = Buffer.from(JSON.stringify({ email: state.email })).toString("base64url");
    return Response.json({
      access_token: token,
      expires_in: state.tokenSeconds,
      token_type: "Bearer",
      scope: scopes.join(" "),
      refresh_token: grant,
      id_token: `e30.${claims}.x`,
    });
  }

  const newGrant = (scopes: readonly string[]): string => {
    const grant = `refresh-${state.nextId()}`;
    state.grants.set(grant, { scopes, isRevoked: false });
    return grant;
  };

  return new Hono()
    .get("/o/oauth2/v2/auth", (c) => {
      const asked = c.req.query();
      const isRight =
        asked["client_id"] === CLIENT.clientId &&
        asked["response_type"] === "code" &&
        asked["access_type"] === "offline" &&
        asked["code_challenge_method"] === "S256";
      if (!isRight) return c.text("Error 400: invalid_request", 400);
      const code = `code-${state.nextId()}`;
      const redirectUri = asked["redirect_uri"] ?? "";
      state.codes.set(code, {
        challenge: asked["code_challenge"] ?? "",
        redirectUri,
        scopes: state.ticked ?? (asked["scope"] ?? "").split(" "),
      });
      const back = new URL(redirectUri);
      back.searchParams.set("state", asked["state"] ?? "");
      back.searchParams.set("code", code);
      return state.asksPerson
        ? c.html(html`<title>Google</title><a href="${back.href}">Allow</a>`)
        : c.redirect(back.href);
    })
    .post("/token", async (c) => {
      const form = await c.req.parseBody();
      if (form["client_id"] !== CLIENT.clientId || form["client_secret"] !== CLIENT.clientSecret)
        return fail("invalid_client", 401);
      if (form["grant_type"] === "authorization_code") {
        const code = textOr(form["code"], "");
        const found = state.codes.get(code);
        state.codes.delete(code);
        const challenge = createHash("sha256")
          .update(textOr(form["code_verifier"], ""))
          .digest("base64url");
        if (found?.challenge !== challenge || found.redirectUri !== form["redirect_uri"])
          return fail("invalid_grant");
        return issue(newGrant(found.scopes));
      }
      const given = textOr(form["refresh_token"], "");
      const grant = state.grants.get(given);
      if (form["grant_type"] !== "refresh_token" || !grant || grant.isRevoked)
        return fail("invalid_grant");
      state.refreshes++;
      if (!state.isRotating) return issue(given);
      grant.isRevoked = true;
      return issue(newGrant(grant.scopes));
    })
    .post("/revoke", (c) => {
      const grant = state.grants.get(c.req.query("token") ?? "");
      if (!grant || grant.isRevoked) return fail("invalid_token");
      grant.isRevoked = true;
      return c.json({});
    });
}

/** Refuses what comes without a token that is good and reaches that far. */
export function checkToken(state: GoogleState, header: string | undefined, scope: RegExp): void {
  const token = state.tokens.get(header?.replace(/^Bearer /, "") ?? "");
  const grant = token && state.grants.get(token.grant);
  if (!grant || grant.isRevoked || token.expiresAt < Date.now())
    refuse(401, "authError", "Invalid Credentials");
  if (!grant.scopes.some((each) => scope.test(each)))
    refuse(403, "insufficientPermissions", "Insufficient Permission");
}
