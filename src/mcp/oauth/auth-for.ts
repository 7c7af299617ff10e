import { UnauthorizedError, type AuthProvider } from "@modelcontextprotocol/client";
import type { ConnectionFor } from "../auth.ts";
import { toChallenge } from "./challenge.ts";
import type { Tokens } from "./tokens.ts";

/** What signs a connection's requests, and hears what the server says to that. */
export interface ConnectionAuth extends AuthProvider {
  /** The server answered 403, and wants these. */
  readonly wantMore: (scopes: readonly string[]) => Promise<void>;
}

/**
 * Signs with the holder's token, and with no other's. It never begins a sign-in by itself: that needs a person, who is
 * told by the state needs-sign-in.
 */
export function createAuthFor(
  tokens: Tokens,
): (connection: ConnectionFor) => ConnectionAuth | undefined {
  return ({ server, holder }) => {
    if (server.launch.kind !== "http" || server.launch.auth === "none") return undefined;
    let given: string | null = null;
    return {
      async token() {
        given = await tokens.token(server, holder, null);
        return given;
      },
      async onUnauthorized({ response }) {
        const refused = { token: given, challenge: toChallenge(response) };
        const next = await tokens.token(server, holder, refused);
        if (next === given) throw new UnauthorizedError();
      },
      wantMore: (scopes) => tokens.wantMore(server, holder, scopes),
    };
  };
}
