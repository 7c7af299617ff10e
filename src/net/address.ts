import ipaddr from "ipaddr.js";

/**
 * What the library's own table lacks. Taken from the IANA special-purpose registries:
 * https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const MORE_FORBIDDEN = [
  "0.0.0.0/8",
  "192.0.0.0/24",
  "192.88.99.0/24",
  // Azure answers machines about themselves there: a public address by its number only.
  "168.63.129.16/32",
].map((range) => ipaddr.parseCIDR(range));

const GLOBAL_IPV6 = ipaddr.parseCIDR("2000::/3");
const FORBIDDEN_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].map((range) =>
  ipaddr.parseCIDR(range),
);
const LINK_LOCAL = ["169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128"].map((range) =>
  ipaddr.parseCIDR(range),
);

/** True for an address of the public internet; false for everything else, and for what is no address. */
export function isPublic(text: string): boolean {
  const address = read(text);
  if (address === null || address.range() !== "unicast") return false;
  // What carries an IPv4 address in its bits (mapped, compatible, NAT64, 6to4, Teredo) is outside of 2000::/3, or listed.
  if (address.kind() === "ipv6")
    return (
      isWithin(address, GLOBAL_IPV6) && !FORBIDDEN_IPV6.some((range) => isWithin(address, range))
    );
  return !MORE_FORBIDDEN.some((range) => isWithin(address, range));
}

/** Where clouds tell machines their secrets: no name may lead there, whoever allowed it. */
export function isLinkLocal(text: string): boolean {
  const address = unmapped(text);
  return address === null || LINK_LOCAL.some((range) => isWithin(address, range));
}

export type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** `10.0.0.0/8`, or one address; null for anything else. */
export function toRange(text: string): Range | null {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  const address = read(text);
  return address && [address, address.kind() === "ipv4" ? 32 : 128];
}

export const isInRange = (text: string, range: Range): boolean => {
  const address = unmapped(text);
  return address !== null && isWithin(address, range);
};

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Only the plain spellings: what a resolver gives, and what URL makes of all others. Zones are of no use here. */
function read(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (!text.includes(":") || text.includes("%") || !ipaddr.IPv6.isValid(text)) return null;
  return ipaddr.IPv6.parse(text);
}

function unmapped(text: string): Address | null {
  const address = read(text);
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()
    ? address.toIPv4Address()
    : address;
}

const isWithin = (address: Address, [base, bits]: Range): boolean =>
  address.kind() === base.kind() && address.match(base, bits);
