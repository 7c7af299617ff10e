import { toFernetKey } from "../../lib/fernet.ts";
import { anyText, discordId, flag, hostName, wholeNumber } from "../parsers.ts";
import { optional, secret, withDefault } from "../variable.ts";

export const mailVariables = {
  EMAIL_MONITORING_ENABLED: withDefault(
    "on",
    "Lets people connect mailboxes of their own, which are watched for them. docs/MAIL.md",
    flag,
  ),
  EMAIL_DEFAULT_POLL_INTERVAL: withDefault(
    "5",
    "How often a mailbox is looked through at the least, in minutes; new mail is heard of at once where its server tells",
    wholeNumber(1, 1_440),
  ),
  EMAIL_ERROR_BACKOFF_MAX: withDefault(
    "60",
    "How long it takes at most until a mail server is tried again that could not be reached, in minutes",
    wholeNumber(1, 1_440),
  ),
  EMAIL_ENCRYPTION_KEY: secret(
    "The Fernet key of an older Clara, to take over its mailboxes with `clara import mail`. New passwords are sealed with CLARA_SECRET_KEYS",
    anyText.refine((text) => toFernetKey(text) !== null, {
      error: "must be a Fernet key: 32 bytes in base64url",
    }),
  ),
  CLARA_EMAIL_ADDRESS: optional(
    "A mailbox of her own: she answers those who may write to her. Wants CLARA_EMAIL_PASSWORD, too",
    anyText,
  ),
  CLARA_EMAIL_PASSWORD: secret("The password of that mailbox"),
  CLARA_IMAP_SERVER: withDefault("imap.titan.email", "Where her mailbox is", hostName),
  CLARA_IMAP_PORT: withDefault("993", "Its port", wholeNumber(1, 65_535)),
  CLARA_SMTP_SERVER: withDefault("smtp.titan.email", "Where her letters are handed in", hostName),
  CLARA_SMTP_PORT: withDefault("465", "Its port", wholeNumber(1, 65_535)),
  CLARA_SMTP_TIMEOUT: withDefault(
    "30",
    "How long handing in a letter may take, in seconds",
    wholeNumber(5, 600),
  ),
  CLARA_EMAIL_CHECK_INTERVAL: withDefault(
    "60",
    "How often her mailbox is looked through, in seconds",
    wholeNumber(10, 86_400),
  ),
  CLARA_EMAIL_ALLOWED_SENDERS: optional(
    "Whom she answers by mail: addresses, or @example.com for all of a domain, with commas. Nobody else; not set, nobody",
    anyText,
  ),
  CLARA_EMAIL_NOTIFY: withDefault(
    "off",
    "Whether somebody is told in Discord of each mail in her mailbox",
    flag,
  ),
  CLARA_EMAIL_NOTIFY_USER: optional("Who: a Discord id", discordId),
};
