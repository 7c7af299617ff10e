import type { SignInAnswer } from "../../core/sign-in.ts";
import { MAX_TOKEN_CHARS } from "./limits.ts";

export interface Pasted {
  /** null: the code alone was pasted. */
  readonly state: string | null;
  readonly answer: SignInAnswer;
}

/** What a person copied from the browser: its whole address line, or the code. null when it is neither. */
export function readPasted(text: string): Pasted | null {
  const given = text.trim().replace(/^<(.*)>$/s, "$1");
  if (given === "" || given.length > MAX_TOKEN_CHARS || /\s/.test(given)) return null;
  const url = /^https?:\/\//i.test(given) ? URL.parse(given) : null;
  if (url !== null) return readAddress(url.searchParams);
  // No code looks like a part of an address, but parts of addresses are copied.
  if (/^[?&]?(?:[a-z_]+=)/i.test(given)) return readAddress(new URLSearchParams(given));
  return { state: null, answer: { kind: "code", code: given, issuer: null } };
}

function readAddress(query: URLSearchParams): Pasted | null {
  const [code, error] = [query.get("code"), query.get("error")];
  const [state, issuer] = [query.get("state"), query.get("iss")];
  if (error !== null) return { state, answer: { kind: "error", error, issuer } };
  return code === null ? null : { state, answer: { kind: "code", code, issuer } };
}
