import { z } from "zod";
import builtInPrices from "./prices.json" with { type: "json" };

/** US dollars per million tokens; null prices for a model that runs at home. */
export interface Price {
  readonly input: number | null;
  /** null: as `input`. */
  readonly cachedInput: number | null;
  /** null: as `input`. */
  readonly cacheWrite: number | null;
  readonly output: number | null;
  /** Input and output together. */
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
}

/** By a model's name, or the beginning of it. */
export type Prices = ReadonlyMap<string, Price>;

export type LoadedPrices =
  | { readonly kind: "loaded"; readonly prices: Prices }
  /** A wrong price would make every budget wrong, so Clara does not start with one. */
  | { readonly kind: "refused"; readonly problems: readonly string[] };

const dollars = z
  .number()
  .positive("must be more than 0, or null for a model without a price")
  .nullable();
const tokens = z.int("must be a whole number").positive("must be more than 0");

const price = z
  .strictObject({
    input: dollars,
    cachedInput: dollars.default(null),
    cacheWrite: dollars.default(null),
    output: dollars,
    contextTokens: tokens,
    maxOutputTokens: tokens,
  })
  .refine(({ input, output }) => (input === null) === (output === null), {
    path: ["output"],
    error: "input and output must both have a price, or both be null",
  })
  .refine(({ contextTokens, maxOutputTokens }) => maxOutputTokens <= contextTokens, {
    path: ["maxOutputTokens"],
    error: "must not be more than contextTokens",
  });

const priceList = z.record(z.string().min(1), price);

/** The built-in list with the operator's own entries over it; all that is wrong with them is told at once. */
export function loadPrices(builtIn: unknown = builtInPrices, override: unknown = {}): LoadedPrices {
  const lists = [builtIn, override].map((list) => priceList.safeParse(list));
  const problems = lists.flatMap(({ error }) => error?.issues ?? []).map(describe);
  if (problems.length > 0) return { kind: "refused", problems };
  const entries = lists.flatMap(({ data }) => Object.entries(data ?? {}));
  return { kind: "loaded", prices: new Map(entries.map(([name, entry]) => [plain(name), entry])) };
}

/** The entry with the longest name that `model` begins with; null when there is none. */
export function priceOf(prices: Prices, model: string): Price | null {
  const name = plain(model);
  const fitting = [...prices.keys()].filter((key) => isPrefix(key, name));
  const longest = fitting.reduce((best, key) => (key.length > best.length ? key : best), "");
  return prices.get(longest) ?? null;
}

/** US dollars; null when the price is not known. */
export function costOf(
  usage: {
    readonly inputTokens: number;
    readonly cachedInputTokens: number;
    readonly cacheWriteTokens: number;
    readonly outputTokens: number;
  },
  price: Price | null,
): number | null {
  if (price === null || price.input === null || price.output === null) return null;
  const fresh = usage.inputTokens - usage.cachedInputTokens - usage.cacheWriteTokens;
  const perMillion =
    fresh * price.input +
    usage.cachedInputTokens * (price.cachedInput ?? price.input) +
    usage.cacheWriteTokens * (price.cacheWrite ?? price.input) +
    usage.outputTokens * price.output;
  return perMillion / 1_000_000;
}

/** One spelling for `anthropic/claude-sonnet-4.5`, `Claude-Sonnet-4-5` and `us.anthropic/claude-sonnet-4-5`. */
const plain = (name: string): string =>
  name
    .slice(name.lastIndexOf("/") + 1)
    .toLowerCase()
    .replaceAll(".", "-");

/** `gpt-4-1` begins `gpt-4-1-mini` but not `gpt-4-1106-preview`. */
const isPrefix = (key: string, name: string): boolean =>
  name.startsWith(key) && !/^[a-z0-9]/.test(name.slice(key.length));

const describe = (issue: z.core.$ZodIssue): string =>
  `${issue.path.join(".") || "prices"}: ${issue.message}`;
