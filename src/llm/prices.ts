import { z } from "zod";
import builtInPrices from "./prices.json" with { type: "json" };

/** US dollars per million tokens. */
interface Rates {
  /** null, as `output` then is too: nobody is paid, for a model that runs at home. */
  readonly input: number | null;
  /** null: as `input`. */
  readonly cachedInput: number | null;
  /** null: as `input`. */
  readonly cacheWrite: number | null;
  readonly output: number | null;
}

export interface Price extends Rates {
  /** Of a whole call with more input than `overTokens`; null where length makes no difference. */
  readonly long: (Rates & { readonly overTokens: number }) | null;
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
  .number("must be a number of dollars, or null for a model without a price")
  .positive("must be more than 0, or null for a model without a price")
  .nullable();
const tokens = z.int("must be a whole number").positive("must be more than 0");

const rates = {
  input: dollars,
  cachedInput: dollars.default(null),
  cacheWrite: dollars.default(null),
  output: dollars,
};

const price = z
  .strictObject({
    ...rates,
    long: z
      .strictObject({ ...rates, overTokens: tokens })
      .nullable()
      .default(null),
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
export function loadPrices(override: unknown = {}): LoadedPrices {
  const lists = [builtInPrices, override].map((list) => priceList.safeParse(list));
  const problems = lists.flatMap(({ error }) => error?.issues ?? []).map(toProblem);
  if (problems.length > 0) return { kind: "refused", problems };
  const entries = lists.flatMap(({ data }) => Object.entries(data ?? {}));
  return { kind: "loaded", prices: new Map(entries.map(([name, entry]) => [plain(name), entry])) };
}

/** The entry with the longest name that `model` begins with; null when there is none. */
export function priceOf(prices: Prices, model: string): Price | null {
  const name = plain(model);
  const fitting = [...prices.keys()].filter((key) => isSameModel(key, name));
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
  const isLong = price?.long && usage.inputTokens > price.long.overTokens;
  const rates = isLong ? price.long : price;
  if (!rates || rates.input === null || rates.output === null) return null;
  const fresh = usage.inputTokens - usage.cachedInputTokens - usage.cacheWriteTokens;
  const perMillion =
    fresh * rates.input +
    usage.cachedInputTokens * (rates.cachedInput ?? rates.input) +
    usage.cacheWriteTokens * (rates.cacheWrite ?? rates.input) +
    usage.outputTokens * rates.output;
  return perMillion / 1_000_000;
}

/** One spelling for `anthropic/claude-sonnet-5.5`, `Claude-Sonnet-5-5` and `us.anthropic/claude-sonnet-5-5`. */
const plain = (name: string): string =>
  name
    .slice(name.lastIndexOf("/") + 1)
    .toLowerCase()
    .replaceAll(".", "-");

/**
 * `gpt-6-sol` is the beginning of `gpt-6-sol-2026-09-22`, `claude-haiku-5-5` of `claude-haiku-5-5:batch`. A further
 * version number, or `pro`, makes another model of it, at another price.
 */
const isSameModel = (key: string, name: string): boolean =>
  name.startsWith(key) && !/^(?:[a-z0-9]|-\d{1,2}(?!\d)|-pro\b)/.test(name.slice(key.length));

const toProblem = (issue: z.core.$ZodIssue): string =>
  `${issue.path.join(".") || "prices"}: ${issue.message}`;
