import type { McpOffer } from "../../core/mcp-install.ts";
import type { McpIsolation, McpLaunch } from "../../core/mcp.ts";
import type { SafeFetch } from "../../core/net.ts";

/** An offer that has no name yet. */
export interface Draft extends Omit<McpOffer, "name" | "preset"> {
  /** From which its name is made. */
  readonly calls: string;
  readonly preset?: string;
}

export type Drafted =
  | { readonly kind: "draft"; readonly draft: Draft }
  | { readonly kind: "refused"; readonly says: string };

export const refused = (says: string): Drafted => ({ kind: "refused", says });
export const drafted = (draft: Draft): Drafted => ({ kind: "draft", draft });

/** Where registries are. */
export interface Upstreams {
  readonly npm: string;
  readonly registry: string;
  readonly smithery: string;
  readonly smitheryHosted: string;
  readonly github: string;
  readonly dockerHub: string;
}

export interface LookDeps {
  readonly fetch: SafeFetch;
  readonly now: () => Date;
  readonly upstreams: Upstreams;
  /** null: without it, where that goes. */
  readonly smitheryKey: string | null;
  /** null: as anybody. */
  readonly githubToken: string | null;
  /** How this Clara is started, for the servers that ship with her. */
  readonly program: readonly string[];
}

/** How a program is to be started, as far as the person or the machine says it. */
export interface Manner {
  readonly isolation: McpIsolation;
  readonly args: readonly string[];
}

/** A program of a package, in the folder of its own. */
export const nodeLaunch = (file: string, { isolation, args }: Manner): McpLaunch => ({
  kind: "stdio",
  command: "node",
  args: [file, ...args],
  cwd: null,
  env: {},
  secretEnv: [],
  isolation,
});

const DAY_MS = 86_400_000;
/** Packages that are taken over are mostly found out, and taken back, within days. */
export const YOUNG_DAYS = 7;

export const daysBetween = (from: Date, to: Date): number =>
  Math.floor((to.getTime() - from.getTime()) / DAY_MS);

export const ageWords = (from: Date, now: Date): string => {
  const days = daysBetween(from, now);
  if (days < 1) return "today";
  if (days < 60) return `${days} ${days === 1 ? "day" : "days"} ago`;
  return days < 730 ? `${Math.floor(days / 30)} months ago` : `${Math.floor(days / 365)} years ago`;
};

const MAX_FACT_CHARS = 300;

/** Words of strangers on one line, without what could look like ours. */
export const plain = (text: string): string =>
  text
    .replace(/[\p{C}\s]+/gu, " ")
    .replace(/[`*_~|<>[\]@#]/g, "")
    .trim()
    .slice(0, MAX_FACT_CHARS);
