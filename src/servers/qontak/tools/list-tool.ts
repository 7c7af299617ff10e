import { textOf } from "../text-of.ts";
import { z } from "zod";
import type { Call } from "../../kit/call.ts";
import { defineTool, type Tool } from "../../kit/tool.ts";
import type { Row } from "../api/wire.ts";
import type { Listed, Query } from "../api/client.ts";
import type { QontakDeps } from "../deps.ts";
import type { Entity, Filter } from "../entities/entity.ts";
import { recordOut, tableOf, toRecord } from "../records.ts";
import { paged, pagesIn, pagesOut, sliced, type PagesGiven, type Sheet } from "./pages.ts";

/** Where Qontak did not hear a filter, that many rows are read and filtered here. */
const SCAN_PAGES = 10;
const SCAN_SIZE = 100;

/** list_<many>. */
export const listTool = (deps: QontakDeps, entity: Entity): Tool =>
  defineTool({
    name: `list_${entity.many}`,
    title: `List ${entity.many.replaceAll("_", " ")}`,
    description: `Each ${entity.says} that the account can see, page by page${Object.keys(entity.filters).length > 0 ? ", filtered" : ""}.`,
    effect: "read",
    input: z.object({ ...filtersIn(entity), ...pagesIn }),
    output: z.object({ items: z.array(recordOut), ...pagesOut }),
    async run(given, call) {
      const { rows, ...pages } = await sheetOf(deps, entity, given, call);
      const items = rows.map(toRecord);
      const note = pages.note ? `\n${pages.note}` : "";
      return {
        data: { items, ...pages },
        text: `${tableOf(entity.columns, items, pages.total)}${note}`,
      };
    },
  });

const filtersIn = ({ filters }: Entity) =>
  Object.fromEntries(
    Object.entries(filters).map(([name, { schema }]) => [name, schema.optional()]),
  );

/** One page, as Qontak gives it where it heard all filters. */
async function sheetOf(
  { api }: QontakDeps,
  entity: Entity,
  given: PagesGiven & Row,
  call: Call,
): Promise<Sheet> {
  const isWanted = wantedBy(entity, given);
  const filters = queryOf(entity, given);
  const ask = (pages: PagesGiven): Promise<Listed> =>
    api.list(call, entity.path, { ...filters, ...pages });
  const { page, per_page } = given;
  const found = await ask({ page, per_page });
  if (found.pages === null) return sliced(found.rows.filter(isWanted), given, null);
  const isHeard = found.rows.every(isWanted) && (await isFiltered(found.pages));
  return isHeard ? paged(found.rows, found.pages, per_page) : scanned(ask, isWanted, given, call);

  /** All rows of a page may be meant by chance: then there are as many as without the filter. */
  async function isFiltered(pages: NonNullable<Listed["pages"]>): Promise<boolean> {
    const documented = queryOf(entity, given, ({ field }) => field === undefined);
    const isSeenWhole = pages.page === 1 && pages.last === 1;
    if (isSeenWhole || Object.keys(documented).length === Object.keys(filters).length) return true;
    const all = await api.list(call, entity.path, { ...documented, page: 1, per_page: 1 });
    return all.pages?.total !== pages.total;
  }
}

/** A page of all rows that are meant, as far as the bound goes. */
async function scanned(
  ask: (pages: PagesGiven) => Promise<Listed>,
  isWanted: (found: Row) => boolean,
  given: PagesGiven,
  call: Call,
): Promise<Sheet> {
  const found: Row[] = [];
  for (let page = 1; page <= SCAN_PAGES; page += 1) {
    const { rows, pages } = await ask({ page, per_page: SCAN_SIZE });
    found.push(...rows.filter(isWanted));
    const last = pages?.last ?? page;
    if (page >= last) return sliced(found, given, NOT_HEARD);
    await call.progress(page, Math.min(last, SCAN_PAGES));
  }
  return sliced(found, given, `${NOT_HEARD} ${NOT_WHOLE}`);
}

const NOT_HEARD = "Qontak does not filter by that; it was done here.";
const NOT_WHOLE = `Only the first ${SCAN_PAGES * SCAN_SIZE} rows were looked at, there may be more.`;

function queryOf(
  { filters }: Entity,
  given: Row,
  isAsked: (filter: Filter) => boolean = () => true,
): Query {
  const asked = Object.entries(filters).flatMap(([name, filter]) =>
    given[name] !== undefined && isAsked(filter) ? [name] : [],
  );
  return Object.fromEntries(
    asked.map((name) => {
      const to = filters[name]?.to;
      return [name, to ? to(textOf(given[name])) : (given[name] as string | number)];
    }),
  );
}

/** Filters that Qontak does not document are checked on what it answers. */
function wantedBy({ filters }: Entity, given: Row): (found: Row) => boolean {
  const checks = Object.entries(filters).flatMap(([name, { field }]) =>
    field !== undefined && given[name] !== undefined ? [{ field, value: given[name] }] : [],
  );
  return (found) =>
    checks.every(({ field, value }) =>
      [found[field]].flat().some((each) => textOf(each) === textOf(value)),
    );
}
