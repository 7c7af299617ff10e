import { z } from "zod";
import { Failure } from "../kit/failure.ts";
import { pageOf, toCursor } from "../kit/pages.ts";
import type { KledoDeps } from "./deps.ts";
import { readPeriod, type Period } from "./dates.ts";
import type { Page } from "./api/client.ts";

const PHRASE = "YYYY-MM-DD, YYYY-MM, or words such as last_month, bulan lalu";
const MAX_TEXT = 200;

const phrase = z.string().trim().min(1).max(MAX_TEXT);

export const datesIn = {
  date_from: phrase.optional().describe(`First day: ${PHRASE}`),
  date_to: phrase.optional().describe(`Last day: ${PHRASE}`),
  period: phrase
    .optional()
    .describe("Instead of both: last_month, this_quarter, 3 months ago, tahun ini, 2026-03, 2026"),
};

export const searchIn = z.string().trim().min(1).max(MAX_TEXT).optional();
export const idIn = z.int().positive().max(Number.MAX_SAFE_INTEGER);

export const pagesIn = {
  per_page: z.int().min(1).max(100).default(50).describe("Rows of a page"),
  cursor: z.string().max(500).optional().describe("next_cursor of the page before"),
};

export const pagesOut = {
  total: z.int().describe("Rows in all"),
  next_cursor: z.string().nullable().describe("Leads to the next page; null on the last one"),
};

interface DatesGiven {
  readonly date_from?: string | undefined;
  readonly date_to?: string | undefined;
  readonly period?: string | undefined;
}

/** The days that were asked for; null where nothing was said. */
export function datesOf(
  { date_from, date_to, period }: DatesGiven,
  { clock, zone }: Pick<KledoDeps, "clock" | "zone">,
): { readonly from: string | null; readonly to: string | null } {
  const read = (words: string): Period => readPeriod(words, clock.now(), zone);
  if (period !== undefined && (date_from !== undefined || date_to !== undefined))
    throw new Failure("INVALID_ARGUMENT", "Say either period, or date_from and date_to.");
  if (period !== undefined) return read(period);
  const from = date_from === undefined ? null : read(date_from).from;
  const to = date_to === undefined ? null : read(date_to).to;
  if (from !== null && to !== null && from > to)
    throw new Failure("INVALID_ARGUMENT", `date_from ${from} is later than date_to ${to}.`, {
      hint: "Exchange them.",
    });
  return { from, to };
}

/** As above, with a period for those who say nothing. */
export function periodOf(
  given: DatesGiven,
  deps: Pick<KledoDeps, "clock" | "zone">,
  otherwise: string,
): Period {
  const { from, to } = datesOf(given, deps);
  const usual = readPeriod(otherwise, deps.clock.now(), deps.zone);
  const period = {
    from: from ?? (to === null ? usual.from : `${to.slice(0, 8)}01`),
    to: to ?? usual.to,
  };
  if (period.from <= period.to) return period;
  // Only the first day was said, and it lies after the usual time.
  return { from: period.from, to: period.from };
}

/** One page of a list, and how to come to the next one. */
export async function pageFor<Row>(
  given: { readonly per_page: number; readonly cursor?: string | undefined },
  question: Readonly<Record<string, unknown>>,
  ask: (query: { readonly page: number; readonly per_page: number }) => Promise<Page<Row>>,
): Promise<{
  readonly rows: readonly Row[];
  readonly total: number;
  readonly next_cursor: string | null;
}> {
  const whole = { ...question, per_page: given.per_page };
  const page = pageOf(given.cursor, whole);
  const found = await ask({ page, per_page: given.per_page });
  const next_cursor = found.page < found.lastPage ? toCursor(page + 1, whole) : null;
  return { rows: found.rows, total: found.total, next_cursor };
}
