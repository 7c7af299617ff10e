import { domainToASCII } from "node:url";
import type { MailFacts } from "../core/mail-queue.ts";
import type { MailProblem } from "../core/mail.ts";
import { withoutHidden } from "./data-marks.ts";

/** What somebody else wrote, so that it is read as it stands: no bold, no links, no mentions, nothing to unfold. */
export const shown = (text: string, maxChars: number): string =>
  oneLine(text, maxChars)
    // Without its scheme an address is words, and nobody can click it by mistake.
    .replace(/\b[a-z][a-z0-9+.-]{1,20}:\/\//gi, "")
    .replace(/[\\*_~`|>[\]()#<]/g, "\\$&");

/** The same of several lines. */
export const shownText = (text: string, maxChars: number): string =>
  withoutHidden(text.toWellFormed())
    .slice(0, maxChars)
    .split("\n")
    .map((line) => shown(line, maxChars))
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();

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

/** Without what turns or hides letters, and without line ends. */
export const oneLine = (text: string, maxChars: number): string =>
  withoutHidden(text.toWellFormed())
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001F\u007F-\u009F\u2028\u2029\s]+/g, " ")
    .trim()
    .slice(0, maxChars);

/** For people: what is wrong, and what they can do. */
export const MAIL_PROBLEMS: Readonly<Record<MailProblem, string>> = {
  "login-refused":
    "The mail server refuses the password. Enter the right one (often an app password) with `/email connect`.",
  locked:
    "The password cannot be opened any more, since the key that sealed it is gone. Enter it again with `/email connect`.",
  unreachable: "The mail server cannot be reached. I keep trying.",
  "bad-certificate":
    "The mail server shows a certificate that is not its own, or is over. I do not sign in there.",
  "no-encryption":
    "The mail server does not encrypt as it should (TLS 1.2 or newer). I do not sign in there.",
  "no-mail-server": "What answers there speaks no IMAP that I understand.",
  busy: "The mail server says that it is busy, or that too many programs are signed in. I keep trying.",
  "too-slow": "The mail server takes too long to answer. I keep trying.",
  "forbidden-address":
    "That server is not on the public internet, or its port is none of a mail server's. Whoever runs me can allow it with CLARA_FETCH_ALLOW.",
  failed: "The mail server does not do what it should. I keep trying.",
};
