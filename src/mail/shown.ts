import { domainToASCII } from "node:url";
import type { MailFacts } from "../core/mail-queue.ts";
import { oneLine } from "./parse-mime.ts";

/** What somebody else wrote, so that it is read as it stands: no bold, no links, no mentions, nothing to unfold. */
export const shown = (text: string, maxChars: number): string =>
  oneLine(text, maxChars)
    // Without its scheme an address is words, and nobody can click it by mistake.
    .replace(/\b[a-z][a-z0-9+.-]{1,20}:\/\//gi, "")
    .replace(/[\\*_~`|>[\]()#<@:]/g, "\\$&");

/** The address first: the name beside it says whatever its sender liked. */
export function senderWords({
  fromAddress,
  fromName,
  dmarc,
}: Pick<MailFacts, "fromAddress" | "fromName" | "dmarc">): string {
  const address = fromAddress === "" ? "(no sender)" : shown(fromAddress, 200);
  const name = shown(fromName, 80);
  return [
    name === "" || fromName.toLowerCase() === fromAddress ? address : `${address} (${name})`,
    PROOF[dmarc],
    ...(pretendsAddress({ fromAddress, fromName }) ? ["⚠️ the name shows another address"] : []),
    ...(isLookAlike(fromAddress)
      ? [`⚠️ letters of another alphabet: ${asciiDomain(fromAddress)}`]
      : []),
  ].join("\n");
}

const PROOF: Readonly<Record<MailFacts["dmarc"], string>> = {
  pass: "✅ sender proven (DMARC)",
  fail: "⛔ sender NOT proven: DMARC fails",
  none: "❔ this domain proves nothing",
  unknown: "❔ your mail server says nothing about the sender",
};

function pretendsAddress({
  fromAddress,
  fromName,
}: Pick<MailFacts, "fromAddress" | "fromName">): boolean {
  const named = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/.exec(fromName)?.[0]?.toLowerCase();
  if (named !== undefined) return named !== fromAddress;
  const domain = /\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|co|de|example|bank|gov|edu)\b/i.exec(
    fromName,
  )?.[0];
  return domain !== undefined && !fromAddress.endsWith(domain.toLowerCase());
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1);
const asciiDomain = (address: string): string => domainToASCII(domainOf(address));

const isLookAlike = (address: string): boolean =>
  asciiDomain(address)
    .split(".")
    .some((part) => part.startsWith("xn--"));
