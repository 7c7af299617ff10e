import type { UserId } from "./ids.ts";

/** Who would be signed in by a link. */
export interface LinkedPerson {
  readonly userId: UserId;
  /** What the person is called; others may be called the same. */
  readonly name: string;
}

/** What a browser was sent back with. */
export type SignInAnswer =
  | { readonly kind: "code"; readonly code: string; readonly issuer: string | null }
  | { readonly kind: "error"; readonly error: string; readonly issuer: string | null };

/**
 * The way through a person's browser to another house and back. A key stays in the browser as a cookie, and here only
 * its challenge (the hash of it) is known: so nobody ends in one browser what was begun in another.
 */
export interface BrowserSignIn<Who, End> {
  readonly newKey: () => string;
  readonly challengeOf: (key: string) => string;
  /** null when the link was never given out, is used up, or too old. Changes nothing. */
  readonly look: (link: string) => Promise<Who | null>;
  /** The address to go on to; null as above. */
  readonly begin: (link: string, challenge: string) => Promise<string | null>;
  readonly finish: (
    back: { readonly state: string; readonly key: string; readonly answer: SignInAnswer },
    signal: AbortSignal,
  ) => Promise<End>;
}
