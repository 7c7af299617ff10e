/** Cents, and parts of them where it is that little. */
const dollars = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  maximumFractionDigits: 4,
});
const counts = new Intl.NumberFormat("en");

export const usd = (amount: number): string => dollars.format(amount);
export const count = (figure: number): string => counts.format(figure);
export const counted = (figure: number, one: string, many = `${one}s`): string =>
  `${count(figure)} ${figure === 1 ? one : many}`;

/** Milliseconds as one says them. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

/** A time that Discord shows each reader in his own zone. */
export const moment = (at: Date, style: "f" | "t" | "R" | "D"): string =>
  `<t:${Math.floor(at.getTime() / 1_000)}:${style}>`;
