import type { McpSignInFor, McpSignInStart } from "../../core/mcp-sign-in.ts";
import type { McpSignIns } from "../../core/mcp-sign-ins.ts";
import { holderOf } from "../../core/mcp.ts";
import { createAsk } from "./ask.ts";
import { beginSignIn } from "./begin.ts";
import type { ClientPage } from "./clients.ts";
import { credentialsName, type Begun, type Credentials } from "./kept.ts";
import { LINK_LIFE_MS } from "./limits.ts";
import { wordsOf } from "./problem.ts";
import { INSATIABLE, isInsatiable, type TokensDeps } from "./tokens.ts";
import { hashOf, isTheirs, PATH, stateOf, wayFor, type Ways } from "./ways.ts";

export interface StartDeps extends TokensDeps {
  readonly signIns: McpSignIns;
  readonly page: ClientPage;
  /** Not to be guessed, and fit for an address. */
  readonly createSecret: () => string;
  /** Why nobody can sign in here, in words; null when people can. */
  readonly off: string | null;
}

/** Gives out the link with which a sign-in begins. */
export function createStart(deps: StartDeps, ways: Ways) {
  const { signIns, credentials, clock, fetchFor } = deps;
  return async (asked: McpSignInFor, signal: AbortSignal): Promise<McpSignInStart> => {
    const { scope, server } = asked;
    const { launch } = server;
    if (launch.kind !== "http" || launch.auth === "none") return { kind: "not-wanted" };
    if (!isTheirs(asked)) return { kind: "not-yours" };
    if (deps.off !== null) return { kind: "failed", says: deps.off };
    const holder = holderOf(server, scope);
    const found = await credentials.find(holder, credentialsName(server));
    const had = found.kind === "found" ? found.record : null;
    if (had && isInsatiable(had, clock.now())) return { kind: "failed", says: INSATIABLE };

    const secret = deps.createSecret();
    const state = stateOf(secret);
    const { way, base } = wayFor(scope, ways);
    const redirectUri = `${base}${PATH}/callback`;
    const ask = createAsk(fetchFor(server), signal);
    const request = { server, launch, way, redirectUri, state, alsoScopes: alsoWanted(had) };
    let begun: Begun;
    try {
      begun = await beginSignIn(deps, ask, request, signal);
    } catch (error) {
      signal.throwIfAborted();
      return { kind: "failed", says: wordsOf(error) };
    }
    const expiresAt = new Date(clock.now().getTime() + LINK_LIFE_MS);
    const kept = JSON.stringify(begun);
    await signIns.begin(scope, hashOf(state), { serverId: server.id, holder, kept, expiresAt });
    return {
      kind: "link",
      url: way === "window" ? `${base}${PATH}/start/${secret}` : begun.url,
      way,
      host: new URL(begun.url).host,
      scopes: begun.scopes,
      expiresAt,
    };
  };
}

/** When the server asked for more: that, and what was agreed to before, so that nothing is lost. */
const alsoWanted = (had: Credentials | null): readonly string[] =>
  had === null || had.wanted.length === 0 ? [] : [...had.scopes, ...had.wanted];
