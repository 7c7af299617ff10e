import { holderOf, maySeeOwn, mayUse, type McpServer } from "../core/mcp.ts";
import type { Scope } from "../core/principal.ts";
import type { Catalogue } from "./catalogue.ts";
import { STIR_EVERY_MS } from "./limits.ts";
import type { Supervisor } from "./supervisor.ts";

/**
 * A turn that could use a server which waits for somebody makes it look again, no more often than a pace: whoever waited
 * for a sign-in may have signed in, in another process. What it finds is there for the next turn; this one does not wait.
 */
export function stir(
  { servers, keeperOf }: Pick<Supervisor, "servers" | "keeperOf">,
  catalogue: Pick<Catalogue, "of">,
  scope: Scope,
): void {
  for (const server of servers()) {
    if (!server.isEnabled || !mayUse(server, scope) || !mayBegin(server, scope)) continue;
    const keeper = keeperOf(server, holderOf(server, scope));
    const isUnknown = keeper.state === "off" && catalogue.of(server.id).tools.length === 0;
    const isStuck = keeper.state === "needs-sign-in" && keeper.inStateMs > STIR_EVERY_MS;
    if (isUnknown || isStuck) keeper.wake();
  }
}

/** Nobody's own sign-in is begun where others read along. */
const mayBegin = ({ launch, access }: McpServer, scope: Scope): boolean =>
  launch.kind !== "http" || launch.auth !== "person" || maySeeOwn(access, scope);
