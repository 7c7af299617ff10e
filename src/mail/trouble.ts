import type { MailProblem } from "../core/mail.ts";

/** What came in the way at a mail server. Branch on `problem`. */
export class MailTrouble extends Error {
  override readonly name = "MailTrouble";
  readonly problem: MailProblem;

  constructor(problem: MailProblem, options?: ErrorOptions) {
    super(`The mail server cannot be used: ${problem}`, options);
    this.problem = problem;
  }
}

/** Whatever a client of IMAP or SMTP throws, as what it means. */
export const toTrouble = (error: unknown): MailTrouble =>
  error instanceof MailTrouble ? error : new MailTrouble(problemOf(error), { cause: error });

const CERTIFICATE =
  /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|HOSTNAME_MISMATCH|ERR_TLS_CERT/;
const ENCRYPTION = /^(?:ERR_SSL|EPROTO|ETLS|ECONNRESET_TLS|STARTTLS|ERR_TLS)/;
const AWAY =
  /^(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|EPIPE|NoConnection|EConnectionClosed|ESOCKET|ECONNECTION|EDNS|ClosedAfterConnect\w+)$/;
const SLOW = /TIME_?OUT|^ETIMEDOUT$/i;
const CONFUSED =
  /^(?:ParserError|InvalidResponse|MissingTag|UnexpectedTag|ResponseProcessingFailed|LineTooLarge|LiteralTooLarge|ResponseTooLarge|TooMany\w+|MAX_IMAP_NESTING_REACHED)/;
/** RFC 5530, and what large providers say: the password may be right. */
const BUSY = /^(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN|OVERQUOTA|THROTTLED|ETHROTTLE)$/i;

function problemOf(error: unknown): MailProblem {
  if (!(error instanceof Error)) return "failed";
  const { code, authenticationFailed, serverResponseCode, tlsFailed } = error as Error & {
    readonly code?: unknown;
    readonly authenticationFailed?: unknown;
    readonly serverResponseCode?: unknown;
    readonly tlsFailed?: unknown;
  };
  const said = typeof code === "string" ? code : "";
  const responded = typeof serverResponseCode === "string" ? serverResponseCode : "";
  if (BUSY.test(responded) || BUSY.test(said)) return "busy";
  if (authenticationFailed === true || said === "EAUTH") return "login-refused";
  if (CERTIFICATE.test(said)) return "bad-certificate";
  if (tlsFailed === true || ENCRYPTION.test(said)) return "no-encryption";
  if (SLOW.test(said)) return "too-slow";
  if (AWAY.test(said)) return "unreachable";
  return CONFUSED.test(said) ? "no-mail-server" : "failed";
}
