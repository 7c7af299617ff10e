import type { ProblemList } from "./problems.ts";
import type { MailSettings, OwnMailboxSettings } from "./shape.ts";
import type { Values } from "./variables.ts";

const MINUTE_MS = 60_000;

/** Whether people can connect mailboxes, and whether she has one of her own. */
export function toMail(values: Values, problems: ProblemList): MailSettings {
  const own = toOwnMailbox(values, problems);
  const timing = {
    pollMinutes: values.EMAIL_DEFAULT_POLL_INTERVAL,
    maxBackoffMs: values.EMAIL_ERROR_BACKOFF_MAX * MINUTE_MS,
  };
  const off = (says: string, advice: string): MailSettings => ({
    ...timing,
    own,
    isOn: false,
    says,
    advice,
  });
  if (!values.EMAIL_MONITORING_ENABLED)
    return off("EMAIL_MONITORING_ENABLED is off", "set EMAIL_MONITORING_ENABLED=on");
  if (values.DISCORD_BOT_TOKEN === null)
    return off("there is nowhere to tell of mails", "set DISCORD_BOT_TOKEN");
  // Without a key no password can be kept; an embedded database has one of its own.
  if (values.DATABASE_URL !== null && values.CLARA_SECRET_KEYS === null)
    return off(
      "there is no key to seal passwords with",
      "set CLARA_SECRET_KEYS to what `clara new-key` prints",
    );
  return { ...timing, own, isOn: true };
}

function toOwnMailbox(values: Values, problems: ProblemList): OwnMailboxSettings | null {
  const { CLARA_EMAIL_ADDRESS: address, CLARA_EMAIL_PASSWORD: password } = values;
  if (address === null && password === null) return null;
  if (address === null || password === null) {
    problems.add(
      address === null ? "CLARA_EMAIL_ADDRESS" : "CLARA_EMAIL_PASSWORD",
      "is missing: a mailbox of her own wants address and password together",
    );
    return null;
  }
  return {
    address: address.toLowerCase(),
    password,
    imap: { host: values.CLARA_IMAP_SERVER, port: values.CLARA_IMAP_PORT },
    smtp: { host: values.CLARA_SMTP_SERVER, port: values.CLARA_SMTP_PORT },
    smtpTimeoutMs: values.CLARA_SMTP_TIMEOUT * 1_000,
    everyMs: values.CLARA_EMAIL_CHECK_INTERVAL * 1_000,
    allowedSenders: (values.CLARA_EMAIL_ALLOWED_SENDERS ?? "")
      .split(",")
      .map((each) => each.trim().toLowerCase())
      .filter((each) => each !== ""),
    notify: values.CLARA_EMAIL_NOTIFY ? values.CLARA_EMAIL_NOTIFY_USER : null,
  };
}
