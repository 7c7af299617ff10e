import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
} from "discord-api-types/v10";
import type { McpSignInEnd, McpSignInStart, McpSignInStatus } from "../../core/mcp-sign-in.ts";
import type { McpServer } from "../../core/mcp.ts";
import { defineAction, defineFormAction } from "./define-action.ts";
import { defineCommand, type Command } from "./define-command.ts";
import {
  about,
  act,
  askedFor,
  NOT_HERE,
  type Act,
  type SignInDesk as Desk,
} from "./mcp-oauth-act.ts";
import { keyActions, keysCard } from "./mcp-oauth-keys.ts";
import { NOT_YOURS, problemWords } from "./mcp-oauth-words.ts";
import { serverIn, serverOption, suggestServers, UNKNOWN } from "./mcp-servers.ts";
import { safe } from "./mcp-words.ts";
import type { Form, Reply } from "./reply.ts";

const PASTE = "mcp-oauth-paste";
const PASTED = "mcp-oauth-pasted";
const SIGN_OUT = "mcp-oauth-sign-out";
const MAX_CHARS = 4_000;

/** `/mcp oauth_start`, `oauth_complete`, `oauth_status`, `oauth_set_token`: signing in to a server on the web. */
export function oauthCommands(desk: Desk): readonly Command[] {
  const command = (
    name: string,
    description: string,
    more: readonly APIApplicationCommandBasicOption[],
    act: Act | null,
  ) =>
    defineCommand({
      name,
      description,
      options: [serverOption(true), ...more],
      suggest: { server: suggestServers(desk) },
      async run(input, context) {
        const server = await serverIn(desk, input, context);
        if (server === null) return UNKNOWN;
        if (desk.signIn === null) return NOT_HERE;
        const asked = askedFor(server, context);
        const code = input["code"];
        if (code !== undefined)
          return endWords(await desk.signIn.complete(asked, code, context.signal), server);
        return act === null ? pasteCard(server) : act(desk.signIn, asked, context);
      },
    });
  return [
    command(
      "oauth_start",
      "Sign in to a server on the web",
      [],
      async (signIn, asked, { signal }) =>
        startReply(await signIn.start(asked, signal), asked.server),
    ),
    command("oauth_complete", "End a sign-in with what the browser shows", [CODE], null),
    command("oauth_status", "Whether you are signed in, and as what", [], async (signIn, asked) =>
      statusReply(await signIn.status(asked), asked.server),
    ),
    command(
      "oauth_set_token",
      "Give a token that you got elsewhere; it is asked for in private",
      [],
      async (_, asked) => keysCard(asked),
    ),
  ];
}

const CODE: APIApplicationCommandBasicOption = {
  type: ApplicationCommandOptionType.String,
  name: "code",
  description: "Better left out: a form asks for it",
  required: false,
};

export const oauthActions = (desk: Desk) => [
  defineFormAction({ name: PASTE, form: ({ data }) => pasteForm(data) }),
  defineAction({
    name: PASTED,
    run: ({ data, fields }, context) =>
      act(desk, about.parse(data).id, context, async (signIn, asked) => {
        const ended = await signIn.complete(asked, fields["pasted"] ?? "", context.signal);
        return { text: endWords(ended, asked.server) };
      }),
  }),
  ...keyActions(desk),
  defineAction({
    name: SIGN_OUT,
    run: ({ data }, context) =>
      act(desk, about.parse(data).id, context, async (signIn, asked) => {
        const ended = await signIn.signOut(asked, context.signal);
        if (ended.kind === "not-yours") return { text: NOT_YOURS };
        if (ended.kind === "nothing") return { text: "You were not signed in." };
        return {
          text: ended.isRevoked
            ? "Signed out. The sign-in server was told, and confirmed."
            : "I have forgotten it. The sign-in server did not confirm: take it back there, too.",
        };
      }),
  }),
];

function pasteForm(data: Form["data"]): Form {
  return {
    title: "End the sign-in",
    fields: [
      {
        name: "pasted",
        label: "The whole address where the browser ended",
        style: "long",
        placeholder: "http://localhost/...?code=...&state=...",
        isRequired: true,
        maxLength: MAX_CHARS,
      },
    ],
    action: PASTED,
    data,
  };
}

const pasteCard = ({ id, name }: McpServer): Reply => ({
  text: `Signing in to **${name}** ends with what stands in the browser's address line.`,
  rows: [[{ kind: "button", label: "Paste it", action: PASTE, data: { id } }]],
});

function startReply(started: McpSignInStart, { id, name }: McpServer): string | Reply {
  if (started.kind !== "link") return problemWords(started);
  const { url, host, scopes, way } = started;
  const text = [
    `**${safe(host)}** will ask whether I may use **${name}** for you. The link is for you alone and works for 10 minutes: whoever opens it signs **himself** in for **you**.`,
    ...(scopes.length === 0 ? [] : [`**It asks for:** ${scopes.map(safe).join(", ")}`]),
    ...(way === "paste"
      ? [
          "In the end the browser shows a page that cannot be loaded. That is right: copy its whole address, and paste it here.",
        ]
      : []),
    ...(url.length > MAX_BUTTON_URL ? [`<${url}>`] : []),
  ].join("\n");
  const paste = {
    kind: "button",
    label: "Paste the address",
    action: PASTE,
    data: { id },
  } as const;
  const link =
    url.length > MAX_BUTTON_URL ? [] : [{ kind: "link", label: "Sign in", url } as const];
  const row = [...link, ...(way === "paste" ? [paste] : [])];
  return { text, rows: row.length === 0 ? [] : [row] };
}

/** Discord's. */
const MAX_BUTTON_URL = 512;

function statusReply(status: McpSignInStatus, { id, name }: McpServer): string | Reply {
  const again = `\`/mcp oauth_start server:${name}\` gives you a link.`;
  const out = {
    kind: "button",
    label: "Sign out",
    style: "danger",
    action: SIGN_OUT,
    data: { id },
  } as const;
  switch (status.kind) {
    case "not-yours":
    case "not-wanted":
      return problemWords(status);
    case "signed-out":
      return `Not signed in to **${name}**. ${again}`;
    case "waiting":
      return `A sign-in to **${name}** was begun and not ended. ${again}`;
    case "sign-in-again":
      return { text: `${safe(status.says)} ${again}`, rows: [[out]] };
    case "locked":
      return {
        text: `You were signed in, but the key that sealed it is gone. ${again}`,
        rows: [[out]],
      };
    case "signed-in": {
      const { how, scopes, expiresAt, isRefreshed } = status;
      const until =
        expiresAt === null
          ? "It does not say until when."
          : `Until <t:${Math.floor(expiresAt.getTime() / 1_000)}:R>${isRefreshed ? ", and renewed by itself" : ""}.`;
      return {
        text: [
          `Signed in to **${name}** ${how === "by-hand" ? "with a token that was entered" : "by the browser"}. ${until}`,
          ...(scopes.length === 0 ? [] : [`**Allowed:** ${scopes.map(safe).join(", ")}`]),
        ].join("\n"),
        rows: [[out]],
      };
    }
  }
}

function endWords(ended: McpSignInEnd, { name }: McpServer): string {
  switch (ended.kind) {
    case "signed-in":
      return `Signed in to **${safe(ended.serverName)}**.`;
    case "declined":
      return "You said no there, so nothing was kept.";
    case "unknown":
      return `No such sign-in was begun, or it was ended before. \`/mcp oauth_start server:${name}\` begins one.`;
    case "expired":
      return `That took too long. \`/mcp oauth_start server:${name}\` begins anew.`;
    case "other-browser":
      return "That came back from another browser than the one that began it. Begin anew.";
    case "paste":
      return "Paste the whole address, not the code alone.";
    case "not-yours":
    case "failed":
      return problemWords(ended);
  }
}
