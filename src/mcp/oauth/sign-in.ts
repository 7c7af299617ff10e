import { holderOf } from "../../core/mcp.ts";
import type {
  McpSignedOut,
  McpSignIn,
  McpSignInEnd,
  McpSignInFor,
  McpSignInPerson,
  McpSignInStatus,
} from "../../core/mcp-sign-in.ts";
import type { BrowserSignIn } from "../../core/sign-in.ts";
import { createAsk } from "./ask.ts";
import { createFinish, readBegun, type FinishDeps } from "./finish.ts";
import { credentialsName } from "./kept.ts";
import { revoke } from "./revoke.ts";
import { createStart } from "./start.ts";
import { usable } from "./tokens.ts";
import { hashOf, isTheirs, stateOf, type Ways } from "./ways.ts";

/** How people sign in to servers, and take it back: in the chat, and through their browser. */
export function createSignIn(
  deps: FinishDeps,
  ways: Ways,
): McpSignIn & BrowserSignIn<McpSignInPerson, McpSignInEnd> {
  const { signIns, servers, credentials, clock, fetchFor } = deps;
  const finish = createFinish(deps);

  async function status(asked: McpSignInFor): Promise<McpSignInStatus> {
    const { scope, server } = asked;
    if (server.launch.kind !== "http" || server.launch.auth === "none")
      return { kind: "not-wanted" };
    if (!isTheirs(asked)) return { kind: "not-yours" };
    const begun = await signIns.of(scope, server.id);
    if (begun !== null && begun.expiresAt > clock.now())
      return { kind: "waiting", expiresAt: begun.expiresAt };
    const found = await credentials.find(holderOf(server, scope), credentialsName(server));
    if (found.kind === "nothing") return { kind: "signed-out" };
    if (found.kind === "locked") return { kind: "locked" };
    const had = usable(found, server);
    if (typeof had === "string") return { kind: "sign-in-again", says: had };
    return {
      kind: "signed-in",
      how: had.how,
      scopes: had.scopes,
      expiresAt: had.expiresAt === null ? null : new Date(had.expiresAt),
      isRefreshed: had.refreshToken !== null,
    };
  }

  async function signOut(asked: McpSignInFor, signal: AbortSignal): Promise<McpSignedOut> {
    const { scope, server } = asked;
    if (!isTheirs(asked)) return { kind: "not-yours" };
    const holder = holderOf(server, scope);
    await signIns.forget(scope.principal.userId, server.id);
    const end: { out: McpSignedOut } = { out: { kind: "nothing" } };
    await credentials.change(
      holder,
      credentialsName(server),
      async (found) => {
        if (found.kind === "nothing") return "same";
        const isRevoked = found.kind === "found" && (await tryToRevoke(found.record));
        end.out = { kind: "signed-out", isRevoked };
        return null;
      },
      signal,
    );
    if (end.out.kind === "signed-out") await deps.onChange(server, holder);
    return end.out;

    /** It goes from here whatever the sign-in server says. */
    async function tryToRevoke(record: Parameters<typeof revoke>[1]): Promise<boolean> {
      try {
        return await revoke(createAsk(fetchFor(server), signal), record);
      } catch {
        signal.throwIfAborted();
        return false;
      }
    }
  }

  return {
    start: createStart(deps, ways),
    complete: finish.pasted,
    status,
    signOut,
    newKey: deps.createSecret,
    challengeOf: hashOf,
    async look(link) {
      const begun = await signIns.look(hashOf(stateOf(link)), clock.now());
      if (begun === null) return null;
      const server = await servers.byId(begun.serverId);
      const host = new URL(readBegun(begun).url).host;
      return server && { ...begun.startedBy, serverName: server.displayName, host };
    },
    async begin(link, challenge) {
      const stateHash = hashOf(stateOf(link));
      const begun = await signIns.look(stateHash, clock.now());
      if (begun === null) return null;
      const kept = { ...readBegun(begun), challenge };
      const isKept = await signIns.keep(stateHash, JSON.stringify(kept), clock.now());
      return isKept ? kept.url : null;
    },
    finish: finish.inBrowser,
  };
}
