import {
  ADDRESS,
  defang,
  defangDomain,
  DOMAIN,
  ODD_SCHEME,
  readAddress,
} from "./outgoing-address.ts";
import type { Links } from "./outgoing-links.ts";

type IsKnown = Links["isKnown"];

/** Words that are no code: known addresses as links without a preview, all others so that nobody can follow them. */
export function showWords(text: string, isKnown: IsKnown): string {
  if (!/[.:]/.test(text)) return text;
  let shown = "";
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const { address, rest } = readAddress(match[0]);
    shown += withoutBare(text.slice(at, match.index), isKnown);
    shown += showAddress(address, isKnown) + rest;
    at = match.index + match[0].length;
  }
  return shown + withoutBare(text.slice(at), isKnown);
}

/** An address by itself. */
export function showAddress(address: string, isKnown: IsKnown): string {
  return isLink(address, isKnown) ? `<${address}>` : defang(address);
}

/** `[label](target)`. What the label says must not be another place than the target. */
export function showLink(label: string, target: string, isKnown: IsKnown): string {
  const words = label.trim();
  if (!isWeb(target)) return `[${plain(words)}](${showTarget(target)})`;
  const isSame = words === "" || readAddress(words).address === target;
  if (isSame) return showAddress(target, isKnown);
  if (!isLink(target, isKnown)) return `${plain(words)} (${defang(target)})`;
  return isHonest(words, target)
    ? `[${plain(words)}](<${target}>)`
    : `${plain(words)} (<${target}>)`;
}

/** Within a page, or of a scheme of its own: nothing that Discord or a browser would follow. */
const showTarget = (target: string): string =>
  plain(target)
    .replace(/^([a-z][a-z0-9+.-]*):/i, "$1[:]")
    .replace(/^[/\\]{2,}/, "/");

const isWeb = (target: string): boolean => /^[a-z][a-z0-9+.-]*:[/\\]{2}/i.test(target);

/** False for what is no address of the web, and where another parser might read another host. */
function isLink(address: string, isKnown: IsKnown): boolean {
  const url = URL.parse(address);
  return url !== null && /^https?:\/\/[^/?#\\@]+(?:[/?#][^\\]*)?$/i.test(address) && isKnown(url);
}

function isHonest(label: string, target: string): boolean {
  const host = bareHost(URL.parse(target)?.hostname ?? "");
  const named = [
    ...[...label.matchAll(ADDRESS)].map(([found]) => URL.parse(found)?.hostname ?? ""),
    ...[...label.replace(ADDRESS, " ").matchAll(DOMAIN)].map(
      ([found]) => URL.parse(`https://${found}`)?.hostname ?? "",
    ),
  ];
  return named.every((name) => bareHost(name) === host);
}

const bareHost = (host: string): string => host.replace(/^www\./, "").replace(/\.$/, "");

/** Words in which no address works, known or not. */
const plain = (text: string): string => showWords(text, () => false);

const withoutBare = (text: string, isKnown: IsKnown): string =>
  text.replace(ODD_SCHEME, defang).replace(DOMAIN, (found) => {
    const { address, rest } = readAddress(found);
    const [host = ""] = address.split(/[/?#]/, 1);
    // A name like Booking.com: two words carry nothing away, and no place makes a link of them.
    const isName = host === address && bareHost(host).split(".").length < 3;
    const url = URL.parse(`https://${address}`);
    return isName || (url && isKnown(url)) ? found : defangDomain(address) + rest;
  });
