import type { Dmarc } from "../core/mail-rules.ts";
import type { MailContent } from "./content.ts";

/** In the order in which they stand in the mail; names in lower case. */
export interface Header {
  readonly key: string;
  readonly value: string;
}

/** How the receiving server names itself in Authentication-Results, and where it may stand. */
export interface TrustedServer {
  /** It, and what ends with it after a dot. */
  readonly names: readonly string[];
  /** Its line is the first of all, before every server on the way. */
  readonly isFirst: boolean;
}

/** A header that never ends is not read to its end. */
const MAX_VALUE_CHARS = 8_000;

export const valueOf = (headers: readonly Header[], key: string): string | null =>
  headers.find((header) => header.key === key)?.value.slice(0, MAX_VALUE_CHARS) ?? null;

/**
 * What the own server says of the sender's domain. RFC 8601: others' lines are others' words. Only the topmost line of
 * the trusted server counts, since a server takes out what pretends to be its own.
 */
export function dmarcOf(headers: readonly Header[], trusted: TrustedServer): Dmarc {
  for (const { key, value } of headers) {
    if (key === "received" && trusted.isFirst) return "unknown";
    if (key !== "authentication-results" || !isBy(value, trusted)) continue;
    const result = /;\s*dmarc\s*=\s*([a-z]+)/i.exec(value.slice(0, MAX_VALUE_CHARS))?.[1];
    if (result === undefined) return "unknown";
    const said = result.toLowerCase();
    return said === "pass" || said === "fail" ? said : said === "none" ? "none" : "unknown";
  }
  return "unknown";
}

function isBy(value: string, { names }: TrustedServer): boolean {
  const by = /^\s*([^\s;]+)/.exec(value.slice(0, 300))?.[1]?.toLowerCase() ?? "";
  return names.some((name) => by === name || by.endsWith(`.${name}`));
}

/** RFC 2919: what stands between the brackets. */
export function listIdOf(headers: readonly Header[]): string | null {
  const value = valueOf(headers, "list-id");
  if (value === null) return null;
  return (/<([^<>]{1,300})>/.exec(value)?.[1] ?? value).trim().toLowerCase().slice(0, 300);
}

/** RFC 2369 and RFC 8058. One click only over https, and only where the sender says that it is enough. */
export function unsubscribeOf(headers: readonly Header[]): MailContent["unsubscribe"] {
  const value = valueOf(headers, "list-unsubscribe");
  if (value === null) return null;
  const targets = [...value.matchAll(/<([^<>\s]{1,2000})>/g)].map(([, target = ""]) => target);
  const page = targets.find((target) => URL.parse(target)?.protocol === "https:") ?? null;
  const mailto = targets.find((target) => /^mailto:/i.test(target)) ?? null;
  if (page === null && mailto === null) return null;
  const isOneClick = /list-unsubscribe\s*=\s*one-click/i.test(
    valueOf(headers, "list-unsubscribe-post") ?? "",
  );
  return { oneClick: isOneClick ? page : null, mailto, page };
}

/** RFC 3834, and what others write in its place. */
export function isAutomatic(headers: readonly Header[]): boolean {
  const submitted = valueOf(headers, "auto-submitted");
  if (submitted !== null && !/^\s*no\b/i.test(submitted)) return true;
  if (/^\s*(?:bulk|list|junk|auto_reply)\b/i.test(valueOf(headers, "precedence") ?? ""))
    return true;
  if (valueOf(headers, "return-path")?.trim() === "<>") return true;
  return ["list-id", "list-unsubscribe", "x-autoreply", "x-autorespond", "feedback-id"].some(
    (key) => valueOf(headers, key) !== null,
  );
}

const MAX_REFERENCES = 50;

/** Message-IDs, with their brackets. */
export const messageIdsIn = (value: string | null): readonly string[] =>
  [...(value ?? "").matchAll(/<[^<>\s]{1,990}>/g)].map(([id]) => id).slice(-MAX_REFERENCES);
