import { createDecipheriv, createHmac, timingSafeEqual } from "node:crypto";
import { Secret } from "./secret.ts";

const VERSION = 0x80;
const KEY_BYTES = 32;
const HALF = 16;
const MAC_BYTES = 32;
const IV_AT = 9;
const WORDS_AT = IV_AT + HALF;
/** Of at most this many characters: a password is short. */
const MAX_CHARS = 64_000;

/** 32 bytes: 16 to sign, 16 to encrypt. */
export type FernetKey = Buffer;

/** null when it is none: 32 bytes in base64url, with or without `=`. */
export function toFernetKey(text: string): FernetKey | null {
  const bytes = fromBase64Url(text.trim());
  return bytes?.length === KEY_BYTES ? bytes : null;
}

/**
 * What older Claras sealed: https://github.com/fernet/spec. null for whatever is wrong with it, and nothing says what.
 * How old it is plays no part, as it played none there.
 */
export function openFernet(key: FernetKey, token: string): Secret | null {
  const bytes = token.length > MAX_CHARS ? null : fromBase64Url(token);
  if (!bytes || bytes.length < WORDS_AT + HALF + MAC_BYTES || bytes[0] !== VERSION) return null;
  const signedTo = bytes.length - MAC_BYTES;
  if ((signedTo - WORDS_AT) % HALF !== 0) return null;
  const mac = createHmac("sha256", key.subarray(0, HALF)).update(bytes.subarray(0, signedTo));
  if (!timingSafeEqual(mac.digest(), bytes.subarray(signedTo))) return null;
  try {
    const iv = bytes.subarray(IV_AT, WORDS_AT);
    const decipher = createDecipheriv("aes-128-cbc", key.subarray(HALF), iv);
    const words = bytes.subarray(WORDS_AT, signedTo);
    return new Secret(Buffer.concat([decipher.update(words), decipher.final()]).toString());
  } catch {
    return null; // The padding is wrong.
  }
}

/** Buffer.from drops what is no base64url silently. */
function fromBase64Url(text: string): Buffer | null {
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(text)) return null;
  const bare = text.replace(/=+$/, "");
  const bytes = Buffer.from(bare, "base64url");
  return bytes.toString("base64url") === bare ? bytes : null;
}
