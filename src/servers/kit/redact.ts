import { createKnownSecrets } from "../../lib/known-secrets.ts";
import { createSecretFilter, IN_LOGS, REMOVED } from "../../lib/secret-filter.ts";
import { withoutKeys } from "../../lib/secret-patterns.ts";

/** Shorter ones would be found in half of all answers. */
const MIN_CHARS = 8;
const BEARER = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{12,}/gi;

export interface Redactor {
  /** Hides these from now on: tokens as they are got, passwords as they are read. */
  readonly learn: (secrets: readonly string[]) => void;
  readonly known: () => readonly string[];
  /** For errors and other words of upstreams: also spellings of secrets, and what looks like a key. */
  readonly words: (text: string) => string;
  /** For what an upstream answered as its data: known secrets as they are, and well-known keys. */
  readonly data: <Value>(value: Value) => Value;
}

/** Keeps what nobody may read out of answers, errors and logs of one server. */
export function createRedactor(first: readonly string[]): Redactor {
  const secrets = createKnownSecrets(first.filter(isLong));
  const filter = createSecretFilter(secrets.all, IN_LOGS);
  const plain = (text: string): string => {
    const known = secrets.all().reduce((rest, secret) => rest.replaceAll(secret, REMOVED), text);
    return withoutKeys(known.replace(BEARER, `$1 ${REMOVED}`), REMOVED);
  };
  return {
    learn: (more) => secrets.add(more.filter(isLong)),
    known: secrets.all,
    words: (text) => filter.whole(text.replace(BEARER, `$1 ${REMOVED}`)),
    data: (value) => inTexts(value, plain) as typeof value,
  };
}

const isLong = ({ length }: string): boolean => length >= MIN_CHARS;

/** The same value, and the same object where nothing in it had to change. */
function inTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return changedList(value, change);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const changed = entries.map(([key, inner]) => [key, inTexts(inner, change)] as const);
  return changed.some(([, inner], at) => inner !== entries[at]?.[1])
    ? Object.fromEntries(changed)
    : value;
}

function changedList(list: readonly unknown[], change: (text: string) => string): unknown {
  const changed = list.map((inner) => inTexts(inner, change));
  return changed.some((inner, at) => inner !== list[at]) ? changed : list;
}
