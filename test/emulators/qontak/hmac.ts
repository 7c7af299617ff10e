import { createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Account } from "./tokens.ts";

const MAX_SKEW_MS = 300_000;
const SHAPE =
  /^hmac username="([^"]+)", algorithm="hmac-sha256", headers="date request-line", signature="([^"]+)"$/;

/** Whose signature a request bears; null for none, a wrong one, and one of another time. */
export function signerOf(
  accounts: readonly Account[],
  { headers, method = "", url = "" }: IncomingMessage,
  now: Date,
): Account | null {
  const [, username, signature] = SHAPE.exec(headers.authorization ?? "") ?? [];
  const account = accounts.find(({ hmac }) => hmac.username === username);
  const { date = "" } = headers;
  if (!account || Math.abs(new Date(date).getTime() - now.getTime()) > MAX_SKEW_MS) return null;
  const right = createHmac("sha256", account.hmac.secret)
    .update(`date: ${date}\n${method} ${url} HTTP/1.1`)
    .digest("base64");
  return right === signature ? account : null;
}
