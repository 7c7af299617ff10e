import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { Secret } from "./secret.ts";

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const IV_BYTES = 12;
/** Always given: without it Node takes shortened tags. */
const TAG = { authTagLength: 16 };
const VERSION = "v1";

export interface MasterKey {
  /** Tells keys apart, and nothing about the key. */
  readonly id: string;
  readonly bytes: Buffer;
}

export type Unsealed =
  | { readonly kind: "open"; readonly secret: Secret }
  /** Sealed with a key that is not here. */
  | { readonly kind: "locked"; readonly keyId: string }
  /** Changed, cut, moved from elsewhere, or no seal at all. */
  | { readonly kind: "broken" };

export interface Sealer {
  /** Of the key that seals. */
  readonly keyId: string;
  readonly keyIds: readonly string[];
  /** `v1.<key id>.<wrapped data key>.<ciphertext>`, to be opened with the very same binding only. */
  readonly seal: (text: string, binding: string) => string;
  readonly unseal: (sealed: string, binding: string) => Unsealed;
  /** The same secret under the first key; null when it cannot be opened. Only the data key is wrapped anew. */
  readonly rewrap: (sealed: string, binding: string) => string | null;
}

/** 32 bytes as base64url, base64 or hex; null when it is none of these. */
export function toMasterKey(text: string): MasterKey | null {
  const isHex = /^[0-9a-f]{64}$/i.test(text);
  if (!isHex && !/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return null;
  const bytes = Buffer.from(text, isHex ? "hex" : "base64url");
  if (bytes.length !== KEY_BYTES) return null;
  const id = createHash("sha256").update("clara-key").update(bytes).digest("base64url").slice(0, 8);
  return { id, bytes };
}

export const newMasterKey = (): string => randomBytes(KEY_BYTES).toString("base64url");

/**
 * Secrets at rest: each under a data key of its own, which one of the master keys wraps; the first key seals, all open.
 * The binding says where the secret lives, so that a sealed text which is moved to another row does not open.
 */
export function createSealer(keys: readonly [MasterKey, ...MasterKey[]]): Sealer {
  const [first] = keys;
  const wrapFor = (key: MasterKey, dataKey: Buffer, binding: string) =>
    encrypt(key.bytes, dataKey, `key ${key.id} ${binding}`).toString("base64url");

  function openKey(sealed: string, binding: string) {
    const [version, keyId = "", wrapped = "", words = "", ...more] = sealed.split(".");
    if (version !== VERSION || more.length > 0 || ![wrapped, words].every(isBase64Url))
      return { kind: "broken" } as const;
    const key = keys.find(({ id }) => id === keyId);
    if (!key) return { kind: "locked", keyId } as const;
    const dataKey = decrypt(key.bytes, wrapped, `key ${keyId} ${binding}`);
    return dataKey?.length === KEY_BYTES
      ? ({ kind: "open", dataKey, words } as const)
      : ({ kind: "broken" } as const);
  }

  return {
    keyId: first.id,
    keyIds: keys.map(({ id }) => id),
    seal(text, binding) {
      const dataKey = randomBytes(KEY_BYTES);
      const words = encrypt(dataKey, Buffer.from(text), binding).toString("base64url");
      return [VERSION, first.id, wrapFor(first, dataKey, binding), words].join(".");
    },
    unseal(sealed, binding) {
      const opened = openKey(sealed, binding);
      if (opened.kind !== "open") return opened;
      const text = decrypt(opened.dataKey, opened.words, binding);
      return text === null
        ? { kind: "broken" }
        : { kind: "open", secret: new Secret(text.toString()) };
    },
    rewrap(sealed, binding) {
      const opened = openKey(sealed, binding);
      if (opened.kind !== "open") return null;
      return [VERSION, first.id, wrapFor(first, opened.dataKey, binding), opened.words].join(".");
    },
  };
}

/** Buffer.from takes what is no base64url silently. The last letter may hold bits that say nothing: those must be 0. */
const isBase64Url = (text: string): boolean =>
  text !== "" && Buffer.from(text, "base64url").toString("base64url") === text;

function encrypt(key: Buffer, data: Buffer, binding: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, TAG).setAAD(Buffer.from(binding));
  return Buffer.concat([iv, cipher.update(data), cipher.final(), cipher.getAuthTag()]);
}

/** null when it was changed, or belongs elsewhere. */
function decrypt(key: Buffer, sealed: string, binding: string): Buffer | null {
  const bytes = Buffer.from(sealed, "base64url");
  const tagAt = bytes.length - TAG.authTagLength;
  if (tagAt < IV_BYTES) return null;
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), TAG)
    .setAAD(Buffer.from(binding))
    .setAuthTag(bytes.subarray(tagAt));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, tagAt)), decipher.final()]);
  } catch {
    return null; // The tag does not fit.
  }
}
