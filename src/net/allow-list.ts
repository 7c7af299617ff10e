import { isIP } from "node:net";
import { isInRange, toRange, type Range } from "./address.ts";

/** Hosts of the operator's own, which may be private and on any port. */
export interface AllowList {
  /** `host` in lower-case ASCII without brackets; an address or a name. */
  readonly has: (host: string, port: number) => boolean;
}

/**
 * Entries such as `nas.home`, `nas.home:5000`, `192.168.1.20:8080`, `[fd00::1]:80`, `10.0.0.0/8`. Without a port, every
 * port. A range is for addresses that are written as such: a name that leads into it is somebody else's to change.
 */
export function createAllowList(entries: readonly string[]): AllowList {
  const rules = entries.map(toRule);
  return {
    has: (host, port) =>
      rules.some((rule) => (rule.port === null || rule.port === port) && rule.isHost(host)),
  };
}

interface Rule {
  readonly port: number | null;
  readonly isHost: (host: string) => boolean;
}

function toRule(entry: string): Rule {
  const bare = toRange(entry);
  if (bare) return { port: null, isHost: isIn(bare) };
  const [, host = entry, port] = /^(.*?)(?::(\d{1,5}))?$/.exec(entry) ?? [];
  const name = host
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  const range = toRange(name);
  return {
    port: port === undefined ? null : Number(port),
    isHost: range ? isIn(range) : (other) => other === name,
  };
}

const isIn =
  (range: Range) =>
  (host: string): boolean =>
    isIP(host) !== 0 && isInRange(host, range);
