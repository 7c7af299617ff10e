import type { Reading } from "./figure.ts";

/** The smallest of the values that so much of all (0 to 1) do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): Reading => [percentile(values, 0.5)];

export const medianAnd95th = (values: readonly number[]): Reading => [
  percentile(values, 0.5),
  percentile(values, 0.95),
];
