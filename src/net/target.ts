import { isIP } from "node:net";
import { domainToUnicode } from "node:url";
import type { NetFailure } from "../core/net.ts";
import { isLinkLocal, isPublic } from "./address.ts";
import type { AllowList } from "./allow-list.ts";
import { failure } from "./failure.ts";

/** Where a connection may go: these addresses and no others, whatever the name means a second later. */
export interface Target {
  readonly url: URL;
  /** At least one. */
  readonly addresses: readonly string[];
}

/** All addresses of a name; rejects when it has none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export interface TargetDeps {
  readonly resolve: Resolve;
  readonly allow: AllowList;
  /** Ports of the public web. */
  readonly ports: ReadonlySet<number>;
}

export const WEB_PORTS: ReadonlySet<number> = new Set([80, 443, 8080, 8443]);

/** Names that mean something within a network only, whoever answers for them. */
const INNER_NAME = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|home\.arpa|corp|onion)$/;
/** Whoever knows the address of a web hook may write there: what a model writes into it is gone. */
const WEB_HOOK = /^\/api\/(?:v\d+\/)?webhooks(?:\/|$)/i;
const DISCORD = /(?:^|\.)discord(?:app)?\.com$/;

/** The address as it will be fetched; a failure when its very spelling rules it out. Asks nobody. */
export function readUrl(text: string, base?: URL): URL | NetFailure {
  const given = text.trim();
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007F\\]/.test(given))
    return failure("bad-address", "The address holds blanks, backslashes or control characters.");
  const url = URL.parse(given, base?.href);
  if (url === null)
    return failure(
      "bad-address",
      "That is no whole address. Give one such as https://example.com/page.",
    );
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return failure(
      "bad-address",
      `Only http and https can be fetched, not ${url.protocol.slice(0, 20)}`,
    );
  if (url.username !== "" || url.password !== "")
    return failure(
      "bad-address",
      "Addresses with a user name or password in them are not fetched.",
    );
  return url;
}

/** Looks the host up and checks every address that it has. */
export async function findTarget(
  { resolve, allow, ports }: TargetDeps,
  url: URL,
): Promise<Target | NetFailure> {
  const host = hostOf(url);
  const port = portOf(url);
  const isAllowed = allow.has(host, port);
  if (!isAllowed && !ports.has(port))
    return failure(
      "bad-address",
      `Port ${port} is not one of those that are open here (${[...ports].join(", ")}). Whoever runs me can allow it with CLARA_FETCH_ALLOW.`,
    );
  if (DISCORD.test(host) && WEB_HOOK.test(decoded(url.pathname)))
    return failure("forbidden-address", "Nothing is sent to web hooks of Discord's.");
  if (!isAllowed && INNER_NAME.test(host)) return inner(url);

  const addresses = isIP(host) === 0 ? await lookUp(resolve, host) : [host];
  if (addresses.length === 0)
    return failure("unknown-host", `There is no host named ${shownHost(url)}.`);
  const isWithinBounds = isAllowed
    ? addresses.every((address) => address === host || !isLinkLocal(address))
    : addresses.every(isPublic);
  return isWithinBounds ? { url, addresses } : inner(url);
}

const inner = (url: URL): NetFailure =>
  failure(
    "forbidden-address",
    `${shownHost(url)} is, or leads to, an address that is not on the public internet, so it is not fetched. Whoever runs me can allow it with CLARA_FETCH_ALLOW.`,
  );

async function lookUp(resolve: Resolve, host: string): Promise<readonly string[]> {
  try {
    return await resolve(host);
  } catch {
    // A name without addresses, and a resolver that does not answer, are the same to whoever asked.
    return [];
  }
}

/** In lower-case ASCII, without brackets and without the dot at the end. */
export const hostOf = (url: URL): string =>
  url.hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.+$/, "")
    .toLowerCase();

export const portOf = ({ port, protocol }: URL): number =>
  port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);

/** As a reader can trust it: in ASCII, and what it would look like behind it. */
export function shownHost(url: URL): string {
  const host = hostOf(url);
  const pretty = domainToUnicode(host);
  return pretty === "" || pretty === host ? host : `${host} (written ${pretty})`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
