import type { MailConnection, MailProvider, MailServer } from "../core/mail.ts";

type Settings = Omit<MailConnection, "address" | "login">;

const tls = (host: string, port: number): MailServer => ({ host, port, security: "tls" });
const startTls = (host: string, port: number): MailServer => ({ host, port, security: "starttls" });

const SETTINGS: Readonly<Record<Exclude<MailProvider, "imap">, Settings>> = {
  gmail: {
    provider: "gmail",
    auth: "password",
    imap: tls("imap.gmail.com", 993),
    smtp: tls("smtp.gmail.com", 465),
  },
  icloud: {
    provider: "icloud",
    auth: "password",
    imap: tls("imap.mail.me.com", 993),
    smtp: startTls("smtp.mail.me.com", 587),
  },
  outlook: {
    provider: "outlook",
    auth: "oauth",
    imap: tls("outlook.office365.com", 993),
    smtp: startTls("smtp.office365.com", 587),
  },
  yahoo: {
    provider: "yahoo",
    auth: "password",
    imap: tls("imap.mail.yahoo.com", 993),
    smtp: tls("smtp.mail.yahoo.com", 465),
  },
};

const DOMAINS: readonly (readonly [RegExp, keyof typeof SETTINGS])[] = [
  [/^(?:gmail|googlemail)\.com$/, "gmail"],
  [/^(?:icloud|me|mac)\.com$/, "icloud"],
  [/^(?:outlook|hotmail|live|msn)\.[a-z.]+$/, "outlook"],
  [/^(?:yahoo\.[a-z.]+|ymail\.com|rocketmail\.com)$/, "yahoo"],
];

/** The servers of an address; null where only its owner knows them. */
export function guessSettings(address: string): Settings | null {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  const [, provider] = DOMAINS.find(([pattern]) => pattern.test(domain)) ?? [];
  return provider === undefined ? null : SETTINGS[provider];
}
