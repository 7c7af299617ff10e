import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { GoogleState, Json } from "./state.ts";

/** As the APIs say it: https://developers.google.com/workspace/drive/api/guides/handle-errors */
export const errorBody = (code: number, reason: string, message: string): Json => ({
  error: { code, message, errors: [{ domain: "global", reason, message }], status: "X" },
});

/** Ends the request with such an error. */
export function refuse(code: 400 | 401 | 403 | 404, reason: string, message = reason): never {
  throw new HTTPException(code, {
    res: Response.json(errorBody(code, reason, message), { status: code }),
  });
}

export const bodyOf = async (c: Context): Promise<Json> => {
  const text = await c.req.text();
  return text === "" ? {} : (JSON.parse(text) as Json);
};

/** One page, with the token of the next. */
export function pageOf<Item>(
  { maxPage }: GoogleState,
  all: readonly Item[],
  c: Context,
  size: string,
): { readonly items: readonly Item[]; readonly nextPageToken?: string } {
  const from = Number(c.req.query("pageToken")?.replace("page-", "") ?? 0);
  const to = from + Math.min(maxPage, Number(c.req.query(size) ?? 100));
  const items = all.slice(from, to);
  return to < all.length ? { items, nextPageToken: `page-${to}` } : { items };
}

/** What is text, or `other`. */
export const textOr = (value: unknown, other: string): string =>
  typeof value === "string" ? value : other;

/** A part of the path, which is there. */
export const part = (c: Context, name: string): string => c.req.param(name) ?? "";
