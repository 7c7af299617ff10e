import type { calendar_v3 } from "@googleapis/calendar";
import type { docs_v1 } from "@googleapis/docs";
import type { drive_v3 } from "@googleapis/drive";
import type { sheets_v4 } from "@googleapis/sheets";
import type { Fetch } from "../../core/net-fetch.ts";
import { GoogleProblem } from "./problem.ts";

/** The vendor's own clients, each loaded when it is first used. */
export interface Apis {
  readonly calendar: () => Promise<calendar_v3.Calendar>;
  readonly drive: () => Promise<drive_v3.Drive>;
  readonly sheets: () => Promise<sheets_v4.Sheets>;
  readonly docs: () => Promise<docs_v1.Docs>;
  /** For uploads, which do not go by what the client was made with. */
  readonly uploadTo: { readonly rootUrl?: string };
}

/** Clients for one person and one call: the fetch adds that person's token, and tries again where that is safe. */
export function createApis(fetch: Fetch, apiRoot: string | null): Apis {
  const uploadTo = apiRoot === null ? {} : { rootUrl: apiRoot };
  const options = { fetchImplementation: fetch, retry: false, ...uploadTo };
  return {
    uploadTo,
    calendar: async () =>
      (await import("@googleapis/calendar")).calendar({ version: "v3", ...options }),
    drive: async () => (await import("@googleapis/drive")).drive({ version: "v3", ...options }),
    sheets: async () => (await import("@googleapis/sheets")).sheets({ version: "v4", ...options }),
    docs: async () => (await import("@googleapis/docs")).docs({ version: "v1", ...options }),
  };
}

/** What a call answered. Throws GoogleProblem for what is no answer of an API, such as a page of some proxy. */
export async function answerOf<Data>(call: Promise<{ readonly data: Data }>): Promise<Data> {
  const { data } = await call;
  if (typeof data === "object" && data !== null) return data;
  throw new GoogleProblem("Google's answer could not be read. Try again in some minutes.");
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next ones begin; null when these are all. */
  readonly next: string | null;
}

/** Google may give pages with little or nothing in them for long; whoever wants more asks again. */
const MAX_PAGES = 10;

/** Page after page, until there are `max`, or no more, or it has been asked often enough. */
export async function collect<Item>(
  {
    max,
    from,
    pageSize,
  }: { readonly max: number; readonly from: string | null; readonly pageSize: number },
  ask: (
    size: number,
    token: string | null,
  ) => Promise<{
    readonly items?: readonly Item[] | null | undefined;
    readonly next?: string | null | undefined;
  }>,
): Promise<Page<Item>> {
  const items: Item[] = [];
  let next: string | null = from;
  let pages = 0;
  do {
    const page = await ask(Math.min(pageSize, max - items.length), next);
    items.push(...(page.items ?? []));
    next = page.next ?? null;
  } while (next !== null && items.length < max && ++pages < MAX_PAGES);
  return { items, next };
}

/** A page as lines. What is too long is cut at its end, so where the next one begins comes first. */
export function toList<Item>(
  { items, next }: Page<Item>,
  lineOf: (item: Item) => string,
  nothing: string,
): string {
  const more =
    next === null ? [] : [`[There is more: call again with page_token ${JSON.stringify(next)}.]`];
  return [...more, ...(items.length === 0 ? [nothing] : items.map(lineOf))].join("\n");
}
