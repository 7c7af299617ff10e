import { lookup } from "node:dns/promises";
import type { Clock } from "../core/clock.ts";
import type { EgressProxy, FindHost, NetFailure, SafeFetch } from "../core/net.ts";
import { createAllowList } from "./allow-list.ts";
import { openEgressProxy } from "./egress-proxy.ts";
import { isFailure } from "./failure.ts";
import { createRateLimit, DEFAULT_RATE } from "./rate-limit.ts";
import { createSafeFetch } from "./safe-fetch.ts";
import { createStreamingFetch, type ClosableFetch } from "./streaming-fetch.ts";
import { findTarget, readUrl, WEB_PORTS, type Resolve, type TargetDeps } from "./target.ts";

export interface NetOptions {
  /** The operator's own hosts: see allow-list.ts for the spellings. */
  readonly fetchAllow: readonly string[];
}

export interface NetDeps {
  readonly clock: Clock;
  /** Not to be guessed. */
  readonly createSecret: () => string;
  readonly resolve?: Resolve;
  readonly ports?: ReadonlySet<number>;
}

/** The way out of the house. */
export interface Net {
  readonly fetch: SafeFetch;
  /** The same for services that the operator named, on hosts of his own. */
  readonly fetchFrom: (hosts: readonly string[]) => SafeFetch;
  /** For protocols that keep connections and stream; `hosts` as above. To be closed. */
  readonly streamFrom: (hosts: readonly string[]) => ClosableFetch;
  /** What would keep this address from being fetched; null when nothing would. */
  readonly check: (url: string) => Promise<NetFailure | null>;
  readonly openProxy: () => Promise<EgressProxy>;
  /** Where the public web answers. */
  readonly findWebHost: FindHost;
  /** Mail servers. */
  readonly findMailHost: FindHost;
}

/** Those of IMAP and of handing in mail; others are no mail servers. */
const MAIL_PORTS: ReadonlySet<number> = new Set([143, 993, 465, 587, 2525]);

/** A page of a browser asks for many things at once. */
const BROWSER_RATE = { burst: 1_000, perMinute: 1_000 };

export function createNet(deps: NetDeps, { fetchAllow: allow }: NetOptions): Net {
  const { clock, createSecret, resolve = resolveHost, ports = WEB_PORTS } = deps;
  const limit = createRateLimit(clock, DEFAULT_RATE);
  const target = { resolve, ports, allow: createAllowList(allow) };
  return {
    fetch: createSafeFetch({ ...target, limit }),
    fetchFrom: (hosts) =>
      createSafeFetch({ ...target, limit, allow: createAllowList([...allow, ...hosts]) }),
    streamFrom: (hosts) =>
      createStreamingFetch({ ...target, allow: createAllowList([...allow, ...hosts]) }, clock),
    async check(text) {
      const url = readUrl(text);
      const found = isFailure(url) ? url : await findTarget(target, url);
      return isFailure(found) ? found : null;
    },
    findWebHost: findHostWith(target),
    findMailHost: findHostWith({ ...target, ports: MAIL_PORTS }),
    openProxy: () =>
      openEgressProxy({ ...target, createSecret, limit: createRateLimit(clock, BROWSER_RATE) }),
  };
}

const findHostWith =
  (target: TargetDeps): FindHost =>
  async (host, port) => {
    // As an address, so that names are spelt and judged as those of pages are.
    const url = readUrl(`https://${host}:${port}`);
    const found = isFailure(url) ? url : await findTarget(target, url);
    return isFailure(found) ? found : { kind: "host", addresses: found.addresses };
  };

/** As the machine's own programs would look it up. */
const resolveHost: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address);
