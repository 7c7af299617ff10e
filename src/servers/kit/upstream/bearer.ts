import type { TokenKeeper } from "../tokens/keeper.ts";
import type { Authorizer } from "./client.ts";

/** Signs requests in with the access token that the keeper has, and asks it for another one when that is refused. */
export const bearerOf = (keeper: TokenKeeper): Authorizer => ({
  async headersFor(tenant, signal) {
    const { accessToken } = await keeper.tokensOf(tenant, signal);
    return { authorization: `Bearer ${accessToken ?? ""}` };
  },
  refused: (tenant, headers, signal) =>
    keeper.refused(tenant, (headers["authorization"] ?? "").replace(/^Bearer /, ""), signal),
});
