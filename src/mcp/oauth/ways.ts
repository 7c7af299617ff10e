import { createHash } from "node:crypto";
import type { McpSignInFor } from "../../core/mcp-sign-in.ts";
import { holderOf } from "../../core/mcp.ts";
import type { Scope } from "../../core/principal.ts";
import type { Begun } from "./kept.ts";

/** Where browsers come back to. */
export interface Ways {
  /** For everybody; null where the window cannot be reached from outside. Without a slash at its end. */
  readonly windowUrl: string | null;
  /** For whoever sits at this machine; without a slash at its end. */
  readonly localUrl: string;
}

export const PATH = "/oauth/mcp";

export interface Way {
  readonly way: Begun["way"];
  readonly base: string;
}

/** Whoever talks in the playground has the window open already; others need one that can be reached. */
export function wayFor({ principal }: Scope, { windowUrl, localUrl }: Ways): Way {
  if (windowUrl !== null) return { way: "window", base: windowUrl };
  return { way: principal.platform === "web" ? "window" : "paste", base: localUrl };
}

/** Whether the credentials are the principal's own, or those of a server that he manages. */
export function isTheirs({ scope, server, isManager }: McpSignInFor): boolean {
  const holder = holderOf(server, scope);
  const isOwn = holder.kind === "person" && holder.userId === scope.principal.userId;
  return isOwn || isManager;
}

export const hashOf = (text: string): string =>
  createHash("sha256").update(text).digest("base64url");

/** OAuth's state of a link: who knows the state does not know the link. */
export const stateOf = (link: string): string => hashOf(`state:${link}`);
