import { z } from "zod";
import type { McpSignInFor, McpSignInStatus } from "../../core/mcp-sign-in.ts";
import { defineTool, type Tool, type ToolContext, type ToolOutput } from "../../core/tool.ts";
import { changing, LOOK_MS, reading, serverName, withServer, type McpToolDeps } from "./parts.ts";
import { failed, tainted, theirs } from "./words.ts";

const input = z.object({ server_name: serverName });
const ALONE =
  "That is for this person's eyes only, and others read along here. The person can run the command of the same name, /mcp oauth_start and so on, which only that person sees, or ask in a direct message.";

type SignIn = NonNullable<McpToolDeps["desk"]["signIn"]>;

/** Signing in to servers on the web, from within a conversation. `/mcp oauth_...` does the same without a model. */
export function oauthTools(deps: McpToolDeps): readonly Tool[] {
  const asking = (
    context: ToolContext,
    name: string,
    act: (signIn: SignIn, asked: McpSignInFor) => Promise<ToolOutput>,
  ) =>
    withServer(deps, context, name, async (server, isManager) => {
      const { signIn } = deps.desk;
      if (signIn === null)
        return failed("Nobody can sign in to servers here: there is no key to seal tokens with.");
      return act(signIn, { scope: context.scope, server, isManager });
    });
  return [
    defineTool({
      ...changing,
      name: "mcp_oauth_start",
      description:
        "Give the person a link to sign in to an MCP server on the web. Show the link as it is. Only in a direct message.",
      label: "Making a link to sign in",
      timeoutMs: LOOK_MS,
      input,
      explain: ({ server_name: target }) => ({
        what: "Give you a link to sign in to an MCP server",
        target,
        reversible: true,
      }),
      async run({ server_name: name }, context) {
        if (context.scope.audience.kind !== "private") return failed(ALONE);
        return asking(context, name, async (signIn, asked) => {
          const started = await signIn.start(asked, context.signal);
          if (started.kind !== "link") return failed(problemWords(started));
          const { url, host, way } = started;
          const end =
            way === "window"
              ? "It ends by itself in the browser."
              : "In the end the browser shows a page that cannot be loaded: the person gives its whole address to /mcp oauth_complete, which asks for it in private.";
          return {
            text: `${url}\n${host} will ask. It works for 10 minutes, and is for this person alone. ${end}`,
            sources: [url],
          };
        });
      },
    }),
    defineTool({
      ...changing,
      name: "mcp_oauth_complete",
      description:
        "End a sign-in with the address or code that the browser showed. Only in a direct message.",
      label: "Ending a sign-in",
      timeoutMs: LOOK_MS,
      input: input.extend({
        code: z
          .string()
          .max(8_000)
          .describe("The whole address at which the browser ended, or the code"),
      }),
      explain: ({ server_name: target }) => ({
        what: "End your sign-in to an MCP server",
        target,
        reversible: true,
      }),
      async run({ server_name: name, code }, context) {
        if (context.scope.audience.kind !== "private") return failed(ALONE);
        return asking(context, name, async (signIn, asked) => {
          const ended = await signIn.complete(asked, code, context.signal);
          if (ended.kind === "signed-in") return { text: `Signed in to ${asked.server.name}.` };
          if (ended.kind === "failed")
            return tainted(`It did not work: ${theirs(ended.says)}`, [asked.server.name]);
          return failed(`It did not work: ${ended.kind}. mcp_oauth_start begins anew.`);
        });
      },
    }),
    defineTool({
      ...reading,
      name: "mcp_oauth_status",
      description: "Whether this person is signed in to an MCP server on the web.",
      label: "Looking at a sign-in",
      input,
      run: ({ server_name: name }, context) =>
        asking(context, name, async (signIn, asked) => ({
          text: statusWords(await signIn.status(asked)),
        })),
    }),
    defineTool({
      ...reading,
      name: "mcp_oauth_set_token",
      description:
        "How a person gives a token for an MCP server that was got elsewhere. Never ask for the token itself.",
      label: "Saying how a token is given",
      input,
      run: ({ server_name: name }, context) =>
        asking(context, name, async () => ({
          text: `Tokens do not belong into a conversation. The person runs /mcp oauth_set_token server:${name}, which asks for it in private and keeps it sealed.`,
        })),
    }),
  ];
}

function problemWords(
  problem:
    | { readonly kind: "not-yours" | "not-wanted" }
    | { readonly kind: "failed"; readonly says: string },
): string {
  if (problem.kind === "failed") return problem.says;
  return problem.kind === "not-yours"
    ? "Whoever manages the server signs in to it, for all."
    : "It wants no sign-in.";
}

function statusWords(status: McpSignInStatus): string {
  switch (status.kind) {
    case "not-yours":
    case "not-wanted":
      return problemWords(status);
    case "signed-out":
      return "Not signed in. mcp_oauth_start gives a link.";
    case "waiting":
      return "A sign-in was begun and not ended.";
    case "sign-in-again":
      return `It has to be done again: ${theirs(status.says)}`;
    case "locked":
      return "It was signed in, but the key that sealed it is gone.";
    case "signed-in":
      return `Signed in${status.expiresAt === null ? "" : `, until ${status.expiresAt.toISOString()}`}.`;
  }
}
