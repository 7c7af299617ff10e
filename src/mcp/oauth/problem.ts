import {
  AuthorizationServerMismatchError,
  InsecureTokenEndpointError,
  IssuerMismatchError,
  OAuthError,
  RegistrationRejectedError,
} from "@modelcontextprotocol/client";

/** What kept a sign-in from working. The words are for people: what happened, what to do. */
export class SignInProblem extends Error {
  override readonly name = "SignInProblem";
}

/** `says` of what went wrong at the sign-in server; nothing of its own words but the short code of RFC 6749. */
export function wordsOf(error: unknown): string {
  if (error instanceof SignInProblem) return error.message;
  if (error instanceof IssuerMismatchError || error instanceof AuthorizationServerMismatchError)
    return "The answer came from another sign-in server than the one that was asked. That can be an attack, so nothing was accepted.";
  if (error instanceof InsecureTokenEndpointError)
    return "The sign-in server wants tokens to be sent without encryption (http). That is not done.";
  if (error instanceof RegistrationRejectedError)
    return `The sign-in server did not let me register (${error.status}). Whoever manages the server can enter a client that was registered by hand.`;
  if (error instanceof OAuthError) return `The sign-in server said no (${codeOf(error)}).`;
  return "The sign-in server gave an answer that could not be understood. Try again in some minutes.";
}

/** RFC 6749 5.2, for example `invalid_grant`: letters and underscores, whatever was sent. */
const codeOf = ({ code }: OAuthError): string =>
  String(code)
    .replace(/[^A-Za-z_]/g, "")
    .slice(0, 40);
