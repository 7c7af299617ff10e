import { UnauthorizedError } from "@modelcontextprotocol/client";
import type { AuthFor } from "../auth.ts";
import { toChallenge } from "./challenge.ts";
import type { Tokens } from "./tokens.ts";

/** Signs with the holder's token, and with no other's. */
export function createAuthFor(tokens: Tokens): AuthFor {
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
