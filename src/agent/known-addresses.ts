import { createLinks } from "./outgoing-links.ts";

/** Which addresses a turn may open without a click, though it has read words of others. */
export interface KnownAddresses {
  /** What a tool gave in this turn, as it stands there. */
  readonly add: (addresses: readonly string[]) => void;
  /** True when none of them can hold anything that its giver did not know before. */
  readonly has: (addresses: readonly string[]) => Promise<boolean>;
}

export interface Givers {
  /** Hosts whose pages may be opened, whatever the address says. */
  readonly hosts: readonly string[];
  /** What the person who asks said here, and nobody else. */
  readonly said: () => readonly string[];
  /** What tools gave the turns whose answers are known here. Looked up once, and only for an address that is not known yet. */
  readonly earlier: () => Promise<readonly string[]>;
}

/**
 * Known is an address that the person said, that a search or a page gave, or that lies on one of `hosts`. The very
 * address: with a word more behind the "?" or the "#" it is another one.
 */
export function openAddresses({ hosts, said, earlier }: Givers): KnownAddresses {
  const links = createLinks(hosts, said);
  let before: Promise<void> | null = null;
  const areKnown = (addresses: readonly string[]) =>
    addresses.every((address) => {
      const url = URL.parse(address);
      return url !== null && links.isKnown(url);
    });
  return {
    add: links.add,
    async has(addresses) {
      if (areKnown(addresses)) return true;
      before ??= earlier().then(links.add);
      await before;
      return areKnown(addresses);
    },
  };
}
