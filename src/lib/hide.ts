import { madeFrom } from "./known-secrets.ts";

/** Shorter ones would be found in half of all words. */
const MIN_CHARS = 4;

/** A function that takes `secrets` out of a text, the longest first. */
export function hide(secrets: () => readonly string[]): (text: string) => string {
  const longestFirst = madeFrom(secrets, (all) =>
    all.filter((secret) => secret.length >= MIN_CHARS).toSorted((a, b) => b.length - a.length),
  );
  return (text) =>
    longestFirst().reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
}
