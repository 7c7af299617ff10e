import { z } from "zod";
import type { Listed } from "../api/client.ts";
import type { Row } from "../api/wire.ts";

const MAX_PAGE = 10_000;

export const pagesIn = {
  page: z.int().min(1).max(MAX_PAGE).default(1),
  per_page: z.int().min(1).max(100).default(25).describe("Rows of a page"),
};

export interface PagesGiven {
  readonly page: number;
  readonly per_page: number;
}

export const pagesOut = {
  page: z.int(),
  per_page: z.int(),
  total: z.int().describe("Rows in all"),
  total_pages: z.int(),
  next_page: z.int().nullable().describe("null on the last one"),
  note: z.string().nullable().describe("What to know about this list"),
};

/** One page of a list. */
export interface Sheet {
  readonly rows: readonly Row[];
  readonly page: number;
  readonly per_page: number;
  readonly total: number;
  readonly total_pages: number;
  readonly next_page: number | null;
  readonly note: string | null;
}

/** A page that Qontak made. */
export const paged = (
  rows: readonly Row[],
  { page, last, total }: NonNullable<Listed["pages"]>,
  per_page: number,
): Sheet => ({
  rows,
  page,
  per_page,
  total,
  total_pages: last,
  next_page: page < last ? page + 1 : null,
  note: null,
});

/** A page of what came whole. */
export function sliced(
  rows: readonly Row[],
  { page, per_page }: PagesGiven,
  note: string | null,
): Sheet {
  const total_pages = Math.max(1, Math.ceil(rows.length / per_page));
  return {
    rows: rows.slice((page - 1) * per_page, page * per_page),
    page,
    per_page,
    total: rows.length,
    total_pages,
    next_page: page < total_pages ? page + 1 : null,
    note,
  };
}
