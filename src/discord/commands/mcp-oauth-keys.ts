import type { McpSignInFor, McpTokenKept } from "../../core/mcp-sign-in.ts";
import { defineAction, defineFormAction } from "./define-action.ts";
import { about, act, type SignInDesk } from "./mcp-oauth-act.ts";
import { problemWords } from "./mcp-oauth-words.ts";
import type { Form, Reply } from "./reply.ts";

const TOKEN = "mcp-oauth-token";
const TOKEN_SET = "mcp-oauth-token-set";
const CLIENT = "mcp-oauth-client";
const CLIENT_SET = "mcp-oauth-client-set";
const MAX_CHARS = 4_000;

/** What can be entered by hand: a token, and by whoever manages the server a client. */
export function keysCard({ server: { id, name }, isManager }: McpSignInFor): Reply {
  const data = { id };
  const client = isManager
    ? [{ kind: "button" as const, label: "Enter a client", action: CLIENT, data }]
    : [];
  return {
    text: [
      `A token for **${name}**. It is kept sealed, and takes the place of a sign-in.`,
      ...(isManager
        ? [
            "Or a client (OAuth app) that you registered at its sign-in server, where I cannot register by myself; everybody who signs in then uses it.",
          ]
        : []),
    ].join("\n"),
    rows: [[{ kind: "button", label: "Enter the token", action: TOKEN, data }, ...client]],
  };
}

export const keyActions = (desk: SignInDesk) => [
  defineFormAction({ name: TOKEN, form: ({ data }) => tokenForm(data) }),
  defineAction({
    name: TOKEN_SET,
    run: ({ data, fields }, context) =>
      act(desk, about.parse(data).id, context, async (signIn, asked) => {
        const { access = "", refresh = "" } = fields;
        const token = { accessToken: access.trim(), refreshToken: refresh.trim() || null };
        const kept = await signIn.setToken(asked, token, context.signal);
        return { text: kept.kind === "kept" ? "The token is kept, sealed." : problemWords(kept) };
      }),
  }),
  defineFormAction({ name: CLIENT, form: ({ data }) => clientForm(data) }),
  defineAction({
    name: CLIENT_SET,
    run: ({ data, fields }, context) =>
      act(desk, about.parse(data).id, context, async (signIn, asked) => {
        const { issuer = "", id = "", secret = "" } = fields;
        const client = { issuer: issuer.trim(), clientId: id.trim() };
        const kept = await signIn.setClient(asked, {
          ...client,
          clientSecret: secret.trim() || null,
        });
        return { text: keptWords(kept, asked) };
      }),
  }),
];

const keptWords = (kept: McpTokenKept, { server: { name } }: McpSignInFor): string =>
  kept.kind === "kept"
    ? `The client is kept, sealed. \`/mcp oauth_start server:${name}\` uses it.`
    : problemWords(kept);

const tokenForm = (data: Form["data"]): Form => ({
  title: "A token",
  fields: [
    {
      name: "access",
      label: "Access token",
      style: "long",
      isRequired: true,
      maxLength: MAX_CHARS,
    },
    {
      name: "refresh",
      label: "Refresh token, if there is one",
      style: "long",
      isRequired: false,
      maxLength: MAX_CHARS,
    },
  ],
  action: TOKEN_SET,
  data,
});

const clientForm = (data: Form["data"]): Form => ({
  title: "A client (OAuth app)",
  fields: [
    {
      name: "issuer",
      label: "Its sign-in server (issuer)",
      style: "short",
      placeholder: "https://auth.example.com",
      isRequired: true,
      maxLength: MAX_CHARS,
    },
    { name: "id", label: "Client id", style: "short", isRequired: true, maxLength: MAX_CHARS },
    {
      name: "secret",
      label: "Client secret, if there is one",
      style: "short",
      isRequired: false,
      maxLength: MAX_CHARS,
    },
  ],
  action: CLIENT_SET,
  data,
});
