import type { MailAccount } from "../core/mail.ts";
import type { TrustedServer } from "./mail-headers.ts";

/** How the providers' receiving servers name themselves. They take out what pretends to be theirs. */
const BY_PROVIDER: Readonly<Record<string, readonly string[]>> = {
  gmail: ["mx.google.com"],
  icloud: ["icloud.com", "apple.com"],
  outlook: ["outlook.com", "protection.outlook.com"],
  yahoo: ["yahoo.com", "yahoodns.net"],
};

/** Whose word on a sender counts for this account. */
export function trustedServerOf({
  provider,
  imap,
  address,
}: Pick<MailAccount, "provider" | "imap" | "address">): TrustedServer {
  const names = BY_PROVIDER[provider];
  if (names) return { names, isFirst: false };
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  return { names: [imap.host.toLowerCase(), domain], isFirst: true };
}
