import { ADDRESS, DOMAIN, readAddress } from "./outgoing-address.ts";

/** Which links of an answer may stay links. */
export interface Links {
  /** Where a tool's words came from. */
  readonly add: (sources: readonly string[]) => void;
  readonly isKnown: (url: URL) => boolean;
}

/** Of one turn; the oldest go first. */
const MAX_KNOWN = 5_000;

/**
 * Known is what stands, letter by letter, in `words`, what a tool gave as a source, and what lies on one of `hosts`:
 * an address that is made up on the way could carry away what it was made of.
 */
export function createLinks(hosts: readonly string[], words: () => readonly string[]): Links {
  const known = new Set<string>();
  let isRead = false;
  const add = (key: string) => {
    known.add(key);
    const [oldest] = known;
    if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
  };
  const addAll = (text: string) => {
    for (const key of keysIn(text)) add(key);
  };
  return {
    add: (sources) => sources.forEach(addAll),
    isKnown(url) {
      if (isOn(hosts, url)) return true;
      if (!isRead) words().forEach(addAll);
      isRead = true;
      return known.has(keyOf(url));
    },
  };
}

function keysIn(text: string): readonly string[] {
  const whole = [...text.matchAll(ADDRESS)].flatMap(([found]) => spellingsOf(found));
  const bare = [...text.replace(ADDRESS, " ").matchAll(DOMAIN)].flatMap(([found]) =>
    spellingsOf(`https://${found}`),
  );
  return [...whole, ...bare];
}

/** With the part behind "#" and without, with what stands at its end and without. */
const spellingsOf = (text: string): readonly string[] =>
  [text, readAddress(text).address].flatMap((spelling) => {
    const url = URL.parse(spelling);
    if (!url) return [];
    const withoutHash = new URL(url);
    withoutHash.hash = "";
    return [keyOf(url), keyOf(withoutHash)];
  });

/** http and https are one, and so are a path with a slash at its end and one without. */
const keyOf = ({ protocol, username, password, host, pathname, search, hash }: URL): string =>
  [
    protocol.replace("https:", "http:"),
    username,
    password,
    host.replace(/\.$/, ""),
    pathname.replace(/\/$/, ""),
    search,
    hash,
  ].join("\n");

const isOn = (hosts: readonly string[], { protocol, username, port, hostname }: URL): boolean =>
  protocol === "https:" &&
  username === "" &&
  port === "" &&
  hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
