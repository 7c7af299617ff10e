import type { UserId } from "./ids.ts";

/** What kept a request from its answer. Branch on it; the words beside it are for people and models. */
export type NetProblem =
  /** Not an address that can be fetched: unreadable, another scheme, with a user name, a port nobody uses for pages. */
  | "bad-address"
  /** It leads into this machine's own networks, or to a place that nothing may be sent to. */
  | "forbidden-address"
  | "unknown-host"
  | "unreachable"
  | "bad-certificate"
  | "too-many-redirects"
  | "too-many-requests"
  | "too-large"
  | "too-slow"
  /** What came is no HTTP, breaks off, or cannot be unpacked. */
  | "broken-answer";

export interface NetFailure {
  readonly kind: "failure";
  readonly problem: NetProblem;
  /** One or two sentences: what happened, and what to do where something can be done. */
  readonly says: string;
}

export interface NetRequest {
  readonly url: string;
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** For the origin of `url`; a redirect to another origin goes on without them. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Whose requests are counted together; null for the house's own, which are not counted. */
  readonly onBehalfOf: UserId | null;
  /** Of the unpacked body. */
  readonly maxBytes?: number;
  /** A longer body ends there, or is a failure; the latter unless said otherwise. */
  readonly overflow?: "cut" | "refuse";
  /** For everything, redirects included. */
  readonly maxMs?: number;
  readonly signal: AbortSignal;
}

export interface NetAnswer {
  readonly kind: "answer";
  /** Where it came from in the end; the host in ASCII. */
  readonly url: string;
  readonly status: number;
  /** Names in lower case, without cookies. */
  readonly headers: Readonly<Record<string, string>>;
  /** Unpacked. */
  readonly body: Uint8Array;
  readonly isCut: boolean;
}

/**
 * The one way out for requests that a model or a person asks for: only to public addresses, checked after the name was
 * looked up and at every redirect. Rejects only with the signal's own reason.
 */
export type SafeFetch = (request: NetRequest) => Promise<NetAnswer | NetFailure>;

/**
 * Where a connection of another kind than HTTP may go, for example to a mail server: the addresses of a host, all of
 * them public. `host` is to be shown in the certificate.
 */
export type FindHost = (
  host: string,
  port: number,
) => Promise<{ readonly kind: "host"; readonly addresses: readonly string[] } | NetFailure>;

/** A proxy on this machine that lets through what SafeFetch would, for programs that make their own connections. */
export interface EgressProxy extends AsyncDisposable {
  /** For example `http://127.0.0.1:40123`. */
  readonly url: string;
  /** A way in for one person, whose requests are counted together. */
  readonly pass: (person: UserId) => { readonly username: string; readonly password: string };
}
