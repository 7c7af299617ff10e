import { z } from "zod";
import { mcpServerId } from "../../core/ids.ts";
import type { McpDesk } from "../../core/mcp-desk.ts";
import type { McpSignInFor } from "../../core/mcp-sign-in.ts";
import type { McpServer } from "../../core/mcp.ts";
import type { ActionOutcome } from "./define-action.ts";
import type { CommandContext } from "./define-command.ts";
import { managesServer, UNKNOWN } from "./mcp-servers.ts";
import type { Reply } from "./reply.ts";

export type SignInDesk = Pick<McpDesk, "servers" | "signIn" | "control">;
type SignIn = NonNullable<SignInDesk["signIn"]>;

export const NOT_HERE =
  "Nobody can sign in to servers here: there is no key to seal tokens with. Whoever runs me sets CLARA_SECRET_KEYS.";

/** What the controls of these replies carry: which server. */
export const about = z.object({ id: z.string().transform(mcpServerId) });

export type Act = (
  signIn: SignIn,
  asked: McpSignInFor,
  context: CommandContext,
) => Promise<string | Reply>;

export const askedFor = (server: McpServer, context: CommandContext): McpSignInFor => ({
  scope: context.scope,
  server,
  isManager: managesServer(server, context),
});

/** For a control: the server that it is about, as the one who pressed may sign in to it. */
export async function act(
  { servers, signIn }: SignInDesk,
  id: McpServer["id"],
  context: CommandContext,
  run: (signIn: SignIn, asked: McpSignInFor) => Promise<Reply>,
): Promise<ActionOutcome> {
  const server = await servers.byId(id);
  if (server === null || signIn === null)
    return { kind: "whisper", reply: { text: server === null ? UNKNOWN : NOT_HERE } };
  return { kind: "whisper", reply: await run(signIn, askedFor(server, context)) };
}
