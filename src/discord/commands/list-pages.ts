import { z } from "zod";
import type { JsonObject } from "../../core/model.ts";
import type { Control } from "./reply.ts";

/** A part of a list that is longer than a message has room for. */
export interface ListPage<Item> {
  readonly shown: readonly Item[];
  readonly offset: number;
  readonly size: number;
  readonly hasMore: boolean;
}

type Look<Item> = (offset: number, limit: number) => Promise<readonly Item[]>;

/** Where nothing is left on that page, since its last was taken away: the one before, or the first. */
export async function readPage<Item>(
  look: Look<Item>,
  wanted: number,
  size: number,
): Promise<ListPage<Item>> {
  for (const offset of [wanted, wanted - size]) {
    if (offset <= 0) break;
    // One more than is shown tells whether there is more.
    const found = await look(offset, size + 1);
    if (found.length > 0) return pageOf(found, offset, size);
  }
  return pageOf(await look(0, size + 1), 0, size);
}

const pageOf = <Item>(found: readonly Item[], offset: number, size: number): ListPage<Item> => ({
  shown: found.slice(0, size),
  offset,
  size,
  hasMore: found.length > size,
});

/** The buttons below such a page, as rows; none where it is all there is. */
export function turnRows(
  { offset, size, hasMore }: Omit<ListPage<unknown>, "shown">,
  action: string,
  data: JsonObject = {},
): readonly (readonly Control[])[] {
  if (offset === 0 && !hasMore) return [];
  const turn = (label: string, to: number, isDisabled: boolean): Control => ({
    kind: "button",
    label,
    action,
    data: { ...data, offset: Math.max(0, to) },
    isDisabled,
  });
  return [[turn("Back", offset - size, offset === 0), turn("Further", offset + size, !hasMore)]];
}

/** Controls from before there were pages say none: the first. */
const withOffset = z.looseObject({ offset: z.int().min(0).default(0) });

export const offsetOf = (data: JsonObject): number => withOffset.parse(data).offset;
