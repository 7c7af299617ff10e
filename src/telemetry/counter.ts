import type { Family, Sample } from "./exposition.ts";

/** Different labels of one counter; what comes after them is counted together. */
const MAX_SERIES = 200;
const OTHER = "other";

export interface Counter<Label extends string> {
  readonly add: (labels: Readonly<Record<Label, string>>, value: number) => void;
  readonly family: () => Family;
}

/** A sum that only grows, for each set of labels. Labels are codes and names of models, never anything of people. */
export function createCounter<const Label extends string>(
  name: string,
  help: string,
  labels: readonly Label[],
): Counter<Label> {
  const series = new Map<string, { readonly sample: Sample; value: number }>();
  const others = Object.fromEntries(labels.map((label) => [label, OTHER]));
  return {
    add(given, value) {
      const key = JSON.stringify(labels.map((label) => given[label]));
      const isNew = !series.has(key) && series.size >= MAX_SERIES;
      const [at, told] = isNew ? [OTHER, others] : [key, given];
      const known = series.get(at) ?? { sample: { labels: told, value: 0 }, value: 0 };
      known.value += value;
      series.set(at, known);
    },
    family: () => ({
      name,
      help,
      type: "counter",
      samples: [...series.values()].map(({ sample, value }) => ({ ...sample, value })),
    }),
  };
}
