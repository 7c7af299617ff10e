type FaultKind =
  /** Answers `status` (or `body`) and does nothing. */
  | "status-before"
  /** Does the work, then answers `status`: the case that nonces are for. */
  | "status-after-commit"
  | "reset-before"
  | "reset-after-commit"
  /** Works, `ms` later. */
  | "slow"
  /** Never works and never answers; the socket stays open. */
  | "hang"
  /** Does the work, sends headers and half of the answer, then falls silent. */
  | "half-open"
  /** 429 with `scope` and a `retry_after` of `ms`. */
  | "rate-limit";

export interface RequestMatch {
  readonly method?: string;
  /** Against the path without `/api/v10`; a string is the source of a pattern. */
  readonly path?: RegExp | string;
}

/** What a bot does most, for `match`. */
export const REQUESTS = {
  sends: { method: "POST", path: /^\/channels\/\d+\/messages$/ },
  edits: { method: "PATCH", path: /^\/channels\/\d+\/messages\/\d+$/ },
  deletes: { method: "DELETE", path: /^\/channels\/\d+\/messages\/\d+$/ },
  history: { method: "GET", path: /^\/channels\/\d+\/messages$/ },
  typing: { method: "POST", path: /^\/channels\/\d+\/typing$/ },
  callbacks: { method: "POST", path: /^\/interactions\/\d+\/[^/]+\/callback$/ },
  registers: { method: "PUT", path: /^\/applications\/.*\/commands$/ },
} as const satisfies Readonly<Record<string, RequestMatch>>;

export interface FaultSpec {
  readonly kind: FaultKind;
  /** Which requests; all unless told. REQUESTS names the usual ones. */
  readonly match?: RequestMatch;
  readonly status?: number;
  readonly ms?: number;
  /** How often it strikes; 1 unless told. Use Infinity for always. */
  readonly times?: number;
  /** 0 to 1, from the seed; strikes always unless told. */
  readonly probability?: number;
  readonly scope?: "user" | "global" | "shared";
  /** Sent instead of Discord's JSON: a string goes out as HTML, like Cloudflare's own pages. */
  readonly body?: string | object;
}

export interface Fault {
  readonly spec: FaultSpec;
  /** How often it has struck. */
  readonly hits: number;
  remove(): void;
}

interface ActiveFault extends Fault {
  hits: number;
}

/** Things that will go wrong with requests, in the order they were added; the first that fits strikes. */
export class Faults {
  readonly #random: () => number;
  #active: ActiveFault[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  add(spec: FaultSpec): Fault {
    const remove = () => {
      this.#active = this.#active.filter((other) => other !== fault);
    };
    const fault: ActiveFault = { spec, hits: 0, remove };
    this.#active.push(fault);
    return fault;
  }

  clear(): void {
    this.#active = [];
  }

  /** The fault for this request, counted as struck; null when all is well. */
  strike(method: string, path: string): FaultSpec | null {
    const fault = this.#active.find(({ spec, hits }) => {
      const isSpent = hits >= (spec.times ?? 1);
      return !isSpent && fits(spec, method, path) && this.#random() < (spec.probability ?? 1);
    });
    if (!fault) return null;
    fault.hits += 1;
    return fault.spec;
  }
}

function fits({ match = {} }: FaultSpec, method: string, path: string): boolean {
  const isMethod = match.method === undefined || match.method === method;
  return isMethod && (match.path === undefined || new RegExp(match.path).test(path));
}

/** Numbers in [0, 1) that a seed repeats (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
