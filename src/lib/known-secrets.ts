/** Bounds what a session of wrong keys may leave; the oldest of the later ones goes first. */
const MAX_LATER = 200;

/** What nobody may read, in a log or in an answer; it grows when somebody enters a key. */
export interface KnownSecrets {
  /** The same array until another one is known. */
  readonly all: () => readonly string[];
  readonly add: (secrets: readonly string[]) => void;
}

export function createKnownSecrets(first: readonly string[]): KnownSecrets {
  let later: readonly string[] = [];
  let all = first;
  return {
    all: () => all,
    add(secrets) {
      const known = new Set(all);
      const added = secrets.filter((secret) => !known.has(secret));
      if (added.length === 0) return;
      later = [...later, ...added].slice(-MAX_LATER);
      all = [...first, ...later];
    },
  };
}

/** What `make` makes of what `read` gives, made anew only when `read` gives another thing. */
export function madeFrom<In extends object, Out>(
  read: () => In,
  make: (input: In) => Out,
): () => Out {
  let input: In | undefined;
  let made: { readonly value: Out } | undefined;
  return () => {
    const now = read();
    if (made === undefined || now !== input) {
      input = now;
      made = { value: make(now) };
    }
    return made.value;
  };
}
