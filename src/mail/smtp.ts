import { isIP } from "node:net";
import type { MailConnection } from "../core/mail.ts";
import type { MailDraft } from "../core/mail-drafts.ts";
import type { Secret } from "../lib/secret.ts";
import { addressOf, tlsFor, type MailNet } from "./imap.ts";
import { MailTrouble, toTrouble } from "./trouble.ts";

const CONNECT_MS = 20_000;
const SILENCE_MS = 60_000;

export type Letter = Pick<
  MailDraft,
  "to" | "cc" | "subject" | "text" | "inReplyTo" | "references" | "messageId"
> & {
  readonly headers?: Readonly<Record<string, string>>;
};

/** sent: the server took it. uncertain: it had the letter, and gave no clear answer. */
export type SentAs = "sent" | "uncertain";

/** Hands one letter in. Throws MailTrouble when the server took nothing of it. */
export async function sendLetter(
  net: MailNet,
  connection: MailConnection,
  secret: Secret,
  letter: Letter,
): Promise<SentAs> {
  // First without a letter: what goes wrong from here on may have gone wrong behind it.
  await checkSmtp(net, connection, secret);
  const transport = await transportOf(net, connection, secret);
  try {
    await transport.sendMail({
      from: connection.address,
      to: [...letter.to],
      cc: [...letter.cc],
      subject: letter.subject,
      text: letter.text,
      messageId: `<${letter.messageId}>`,
      ...(letter.inReplyTo === null ? {} : { inReplyTo: letter.inReplyTo }),
      ...(letter.references.length === 0 ? {} : { references: letter.references.join(" ") }),
      headers: { ...letter.headers },
      // Nothing is read or fetched for a letter: its text is all there is.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return "sent";
  } catch (error) {
    if (isRefusal(error)) throw toTrouble(error);
    return "uncertain";
  } finally {
    transport.close();
  }
}

/** Signs in, and hands nothing in. */
export async function checkSmtp(
  net: MailNet,
  connection: MailConnection,
  secret: Secret,
): Promise<void> {
  const transport = await transportOf(net, connection, secret);
  try {
    await transport.verify();
  } catch (error) {
    throw toTrouble(error);
  } finally {
    transport.close();
  }
}

async function transportOf(net: MailNet, { smtp, login, auth }: MailConnection, secret: Secret) {
  if (smtp === null) throw new MailTrouble("no-mail-server");
  const host = await addressOf(net, smtp);
  const password = secret.reveal();
  // Loaded with the first letter.
  const { default: nodemailer } = await import("nodemailer");
  return nodemailer.createTransport({
    host,
    port: smtp.port,
    secure: smtp.security === "tls",
    // Without it nothing is said: never in clear text.
    requireTLS: smtp.security === "starttls",
    auth:
      auth === "oauth"
        ? { type: "OAuth2", user: login, accessToken: password }
        : { user: login, pass: password },
    tls: { ...tlsFor(net), ...(isIP(smtp.host) === 0 ? { servername: smtp.host } : {}) },
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: net.smtpTimeoutMs ?? SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** The server said no, in so many words. */
function isRefusal(error: unknown): boolean {
  const { responseCode, code } = error as { responseCode?: unknown; code?: unknown };
  return typeof responseCode === "number" || code === "EENVELOPE" || code === "EAUTH";
}
