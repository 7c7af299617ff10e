import { isIP } from "node:net";
import type { ImapFlow } from "imapflow";
import type { MailConnection, MailServer } from "../core/mail.ts";
import type { FindHost } from "../core/net.ts";
import type { Secret } from "../lib/secret.ts";
import { MailTrouble, toTrouble } from "./trouble.ts";

const CONNECT_MS = 20_000;
const GREETING_MS = 15_000;
/** Longer than a round of IDLE. */
const SILENCE_MS = 330_000;
/** Servers end an IDLE after 29 minutes, and boxes on the way much earlier. RFC 2177. */
const IDLE_ROUND_MS = 240_000;
/** What one answer may bring; more is no mail but an attack, or a fault. */
const MAX_LITERAL_BYTES = 32_000_000;
const MAX_RESPONSE_BYTES = 34_000_000;
const MAX_LINE_BYTES = 2_000_000;

export interface MailNet {
  readonly findHost: FindHost;
  /** Certificates besides those that the machine trusts, as PEM. */
  readonly ca?: string | undefined;
  /** For handing in a letter. */
  readonly smtpTimeoutMs?: number | undefined;
}

/** Looks a server up and checks where it is. */
export async function addressOf(
  { findHost }: MailNet,
  { host, port }: MailServer,
): Promise<string> {
  const found = await findHost(host, port);
  const [address] = found.kind === "host" ? found.addresses : [];
  if (address !== undefined) return address;
  const isUnknown = found.kind === "failure" && found.problem === "unknown-host";
  throw new MailTrouble(isUnknown ? "unreachable" : "forbidden-address");
}

/** Never less than TLS 1.2, never another's certificate. */
export const tlsFor = ({ ca }: MailNet) =>
  ({
    minVersion: "TLSv1.2",
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
  }) as const;

/**
 * One connection, signed in. It does not come back by itself. Throws MailTrouble, or the signal's reason; whoever has it
 * closes it.
 */
export async function openImap(
  net: MailNet,
  { imap, login, auth }: Pick<MailConnection, "imap" | "login" | "auth">,
  secret: Secret,
  signal: AbortSignal,
): Promise<ImapFlow> {
  const address = await addressOf(net, imap);
  signal.throwIfAborted();
  const password = secret.reveal();
  // Loaded with the first mailbox: most houses have none.
  const { ImapFlow: Client } = await import("imapflow");
  const client = new Client({
    host: address,
    port: imap.port,
    ...(isIP(imap.host) === 0 ? { servername: imap.host } : {}),
    secure: imap.security === "tls",
    ...(imap.security === "starttls" ? { doSTARTTLS: true } : {}),
    auth:
      auth === "oauth" ? { user: login, accessToken: password } : { user: login, pass: password },
    tls: tlsFor(net),
    logger: false,
    disableAutoIdle: true,
    disableCompression: true,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: GREETING_MS,
    socketTimeout: SILENCE_MS,
    maxIdleTime: IDLE_ROUND_MS,
    maxLiteralSize: MAX_LITERAL_BYTES,
    maxResponseSize: MAX_RESPONSE_BYTES,
    maxLineLength: MAX_LINE_BYTES,
    clientInfo: { name: "Clara" },
  });
  // Whoever uses it hears of it from the call that fails.
  client.on("error", () => {});
  const close = () => client.close();
  signal.addEventListener("abort", close, { once: true });
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.close();
    signal.throwIfAborted();
    throw toTrouble(error);
  } finally {
    signal.removeEventListener("abort", close);
  }
}

/** A call that the server leaves without an answer ends the connection: it is dead, whatever the socket believes. */
export async function within<Result>(
  client: ImapFlow,
  maxMs: number,
  call: Promise<Result>,
): Promise<Result> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    client.close();
  }, maxMs);
  try {
    return await call;
  } catch (error) {
    throw isLate ? new MailTrouble("too-slow", { cause: error }) : error;
  } finally {
    clearTimeout(timer);
  }
}
