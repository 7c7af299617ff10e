/** Aho and Corasick's machine: finds many words in one pass, and knows at each place how much of one may have begun. */
export interface Automaton {
  readonly start: number;
  readonly next: (state: number, code: number) => number;
  /** How many characters up to here may be the beginning of a word. */
  readonly depth: (state: number) => number;
  /** Length of a word that ends here; 0 for none. */
  readonly found: (state: number) => number;
}

interface Node {
  readonly children: Map<number, number>;
  readonly depth: number;
  fallback: number;
  found: number;
}

const ROOT = 0;

export function createAutomaton(words: Iterable<string>): Automaton {
  const nodes: Node[] = [{ children: new Map(), depth: 0, fallback: ROOT, found: 0 }];
  const at = (state: number): Node => nodes[state] as Node;
  for (const word of words) {
    let state = ROOT;
    for (let index = 0; index < word.length; index++) {
      const code = word.charCodeAt(index);
      const known = at(state).children.get(code);
      if (known === undefined)
        nodes.push({ children: new Map(), depth: index + 1, fallback: ROOT, found: 0 });
      const child = known ?? nodes.length - 1;
      at(state).children.set(code, child);
      state = child;
    }
    if (state !== ROOT) at(state).found = word.length;
  }
  const next = (state: number, code: number): number => {
    for (let from = state; ; from = at(from).fallback) {
      const child = at(from).children.get(code);
      if (child !== undefined) return child;
      if (from === ROOT) return ROOT;
    }
  };
  // Nearest first, so that the fallback of whoever is above is known.
  const queue = [...at(ROOT).children.values()];
  for (const state of queue) {
    for (const [code, child] of at(state).children) {
      at(child).fallback = next(at(state).fallback, code);
      queue.push(child);
    }
    at(state).found ||= at(at(state).fallback).found;
  }
  return {
    start: ROOT,
    next,
    depth: (state) => at(state).depth,
    found: (state) => at(state).found,
  };
}
