/** Anything with "://", whatever stands before it: half a scheme is joined to its other half somewhere. */
export const ADDRESS = /[a-z0-9+.-]*:\/\/[^\s<>"`|]+/gi;

/** Schemes that do something without "//". */
export const ODD_SCHEME =
  /(?<![\w.-])(?:(?:javascript|vbscript|mailto|ms-\w+):(?!\s)|data:\w+\/|(?:tel|sms):\+?\d)[^\s<>"`|]*/gi;

/** Country codes that are better known as the ends of file names, and are no links on Discord. */
const FILE_ENDINGS = "bz|cc|cs|gd|gl|gz|hs|im|js|la|md|ml|mm|pl|ps|py|rb|rs|sh|so|st|ts|vb|xz";
const COMMON =
  "com|net|org|edu|gov|mil|info|biz|name|pro|app|dev|page|web|site|online|store|shop|blog|cloud|tech|xyz|top|icu|club|live|link|click|onion";

const LABELS = String.raw`(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+`;
/** Not within a word, nor behind a folder; behind "//" it is an address without its scheme. */
const BEFORE = String.raw`(?<![\p{L}\p{N}._@\\-])(?<!(?<!/)/)`;
const BEHIND = String.raw`(?![\p{L}\p{N}_@(-]|\.[\p{L}\p{N}])`;
const PATH = String.raw`(?::\d{1,5})?[/?#][^\s<>"\x60|]*`;

/** A host without a scheme: with a path almost any, without one only where it can hardly be anything else. */
export const DOMAIN = new RegExp(
  `${BEFORE}${LABELS}(?:(?!(?:${FILE_ENDINGS})[/?#])(?:\\p{Ll}{2}|${COMMON}|xn--[a-z0-9-]+)${PATH}|(?:\\p{Ll}{2}|${COMMON})${BEHIND})`,
  "giu",
);

/** What a reader would not take for a part of an address at its end: it belongs to the sentence. */
export function readAddress(found: string): { readonly address: string; readonly rest: string } {
  let address = found;
  for (;;) {
    const last = address.at(-1) ?? "";
    const closes = { ")": "(", "]": "[", "}": "{" }[last];
    const isLoose = closes !== undefined && count(address, last) > count(address, closes);
    if (!isLoose && !/[.,;:!?'*_~>。，、]/.test(last)) break;
    address = address.slice(0, -1);
  }
  return { address, rest: found.slice(address.length) };
}

const count = (text: string, sign: string): number => text.split(sign).length - 1;

/** Of what is shown of an address that is no link. */
const MAX_SHOWN = 300;

/** An address that nobody can click: readable, its real host visible. */
export function defang(found: string): string {
  const url = URL.parse(found);
  if (!url || url.host === "") {
    const [, scheme = "", behind = ""] = /^([^:]*):(.*)$/s.exec(found) ?? [];
    return shortened(`${inert(scheme)}[:]${withoutDots(harmless(behind))}`);
  }
  const { protocol, host, pathname, search, hash } = url;
  const path = pathname === "/" && search === "" && hash === "" ? "" : pathname + search + hash;
  return shortened(`${inert(protocol.slice(0, -1))}[:]//${withoutDots(host)}${harmless(path)}`);
}

/** A host without a scheme. */
export function defangDomain(found: string): string {
  const [host = ""] = found.split(/[/?#]/, 1);
  return shortened(withoutDots(host) + harmless(found.slice(host.length)));
}

const inert = (scheme: string): string => scheme.replace(/^http/i, "hxxp");

const withoutDots = (host: string): string => host.replaceAll(".", "[.]");

const shortened = (text: string): string =>
  text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;

/** Without signs that mean something in Markdown, and without a second address. */
const harmless = (text: string): string =>
  text
    .replace(/[`*~|<>()[\]\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("://", ":%2F/");
