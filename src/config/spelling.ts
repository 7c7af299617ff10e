/** Shorter names have too many neighbours by chance. */
const MIN_CHARS = 8;
/** From here on two wrong letters are still no accident. */
const LONG_CHARS = 12;

export interface Misspelling {
  readonly name: string;
  readonly meant: string;
}

/** Names that nobody knows and that are one or two letters away from one that somebody does. */
export function findMisspellings(
  names: Iterable<string>,
  known: ReadonlySet<string>,
): readonly Misspelling[] {
  return [...names]
    .filter((name) => name.length >= MIN_CHARS && !known.has(name))
    .flatMap((name) => {
      const meant = nearest(name, known);
      return meant === null ? [] : [{ name, meant }];
    });
}

function nearest(name: string, known: ReadonlySet<string>): string | null {
  let best: string | null = null;
  let least = name.length >= LONG_CHARS ? 2 : 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > least) continue;
    const steps = distance(name, candidate);
    if (steps > least || (best !== null && steps === least)) continue;
    best = candidate;
    least = steps;
  }
  return best;
}

/** Letters to add, drop, change or swap with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const changed = a[row - 1] === b[column - 1] ? 0 : 1;
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + changed,
        swapped ? at(beforeLast, column - 2) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Infinity;
