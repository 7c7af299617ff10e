import { z } from "zod";
import { Failure } from "../kit/failure.ts";
import { fields, type Fields } from "./soap/value.ts";

const MAX_LIMIT = 500;
/** Pages of Y2 have numbers; the original's offsets have to fall on their borders. */
export const pagesIn = {
  limit: z.int().min(1).max(MAX_LIMIT).default(100).describe("Rows of a page"),
  offset: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe("Rows to pass over: a multiple of limit, such as next_offset"),
};

export const pagesOut = {
  limit: z.int(),
  offset: z.int(),
  next_offset: z
    .int()
    .nullable()
    .describe("Of the next page; null on the last one. Cegid Y2 tells no total"),
};

interface Asked {
  readonly limit: number;
  readonly offset: number;
}

/** `<Pager>`, or in newer services `<Paging>`. */
export const pager = (asked: Asked): Fields =>
  fields({ PageIndex: String(pageIndex(asked)), PageSize: String(asked.limit) });

export function pageIndex({ limit, offset }: Asked): number {
  if (offset % limit !== 0)
    throw new Failure("INVALID_ARGUMENT", "offset has to be a multiple of limit.", {
      hint: `Cegid Y2 has pages, not offsets. Use ${offset - (offset % limit)}, or next_offset of the page before.`,
    });
  return offset / limit + 1;
}

/** A full page may be the last one: then the next is empty. */
export const pageInfo = ({ limit, offset }: Asked, found: number) => ({
  limit,
  offset,
  next_offset: found >= limit ? offset + limit : null,
});
