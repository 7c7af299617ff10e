import { createHash } from "node:crypto";
import type { Lease } from "../core/turn.ts";

/** Discord takes 25 characters, and a message that has to be sent anew needs one more. */
const NONCE_CHARS = 22;

/** Of a row that is new in this generation of a turn. The row keeps it, so that a send that is repeated happens once. */
export const nonceOf = ({ turnId, generation }: Lease, part: number): string =>
  createHash("sha256")
    .update(JSON.stringify([turnId, generation, part]))
    .digest("base64url")
    .slice(0, NONCE_CHARS);
