import { createHash } from "node:crypto";
import type { ModelRequest } from "../../core/model.ts";

/**
 * A fingerprint of everything that stands before message `index`. Signed thoughts are only good behind what they were
 * thought about: newer models refuse a request in which that has changed, as it has after a crash.
 * https://platform.claude.com/docs/en/build-with-claude/preserved-thinking
 */
export const prefixOf = ({ system, tools, messages }: ModelRequest, index: number): string =>
  createHash("sha256")
    .update(JSON.stringify([system, tools, messages.slice(0, index)]))
    .digest("base64url");
