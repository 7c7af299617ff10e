import { createHash, randomBytes } from "node:crypto";

const SECRET_BYTES = 32;
const ID_BYTES = 6;
/** Longer than any token of ours. */
const MAX_TOKEN_CHARS = 200;

/** A token as it is given to a person, once, and what is kept of it. */
export function newAccessToken(): {
  readonly token: string;
  readonly hash: string;
  readonly id: string;
} {
  const token = `clara_${randomBytes(SECRET_BYTES).toString("base64url")}`;
  return { token, hash: hashOf(token), id: randomBytes(ID_BYTES).toString("base64url") };
}

/** null for what cannot be a token of ours. */
export const accessTokenHash = (token: string): string | null =>
  token.startsWith("clara_") && token.length <= MAX_TOKEN_CHARS ? hashOf(token) : null;

const hashOf = (token: string): string =>
  createHash("sha256").update(`access:${token}`).digest("base64url");
