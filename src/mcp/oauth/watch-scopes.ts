import type { FetchLike } from "@modelcontextprotocol/client";
import type { ConnectionAuth } from "../auth.ts";
import { toChallenge } from "./challenge.ts";

const FORBIDDEN = 403;

/** Hears when a server wants more rights than were agreed to (RFC 6750 3.1), so that the next sign-in asks for them. */
export const watchScopes = (fetch: FetchLike, auth: ConnectionAuth | undefined): FetchLike =>
  auth === undefined
    ? fetch
    : async (url, init) => {
        const response = await fetch(url, init);
        if (response.status === FORBIDDEN) {
          const { scopes } = toChallenge(response);
          if (scopes.length > 0) await auth.wantMore(scopes);
        }
        return response;
      };
