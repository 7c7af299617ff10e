import { z } from "zod";
import { defineTool, type Tool } from "../../kit/tool.ts";
import { datesIn, datesOf, idIn, pageFor, pagesIn, pagesOut, searchIn } from "../arguments.ts";
import { documentDetail, documentRow } from "../api/wire.ts";
import type { KledoDeps } from "../deps.ts";
import {
  detailOut,
  detailText,
  documentOut,
  documentTable,
  toDetail,
  toDocument,
} from "../documents.ts";

interface DocumentKind {
  /** `invoice_list_sales` and the like. */
  readonly listName: string;
  /** null: the details of this kind are not offered. */
  readonly detailName: string | null;
  /** Of the argument, as the original named it. */
  readonly idName: string;
  readonly one: string;
  readonly many: string;
  readonly path: string;
  readonly cacheKind: string;
  readonly statuses: string;
}

/** The list and the detail of one kind of document: they differ in nothing but names and paths. */
export function documentTools(deps: KledoDeps, kind: DocumentKind): readonly Tool[] {
  const list = listTool(deps, kind);
  return kind.detailName === null ? [list] : [list, detailTool(deps, kind, kind.detailName)];
}

const listTool = (deps: KledoDeps, { listName, many, path, cacheKind, statuses }: DocumentKind) =>
  defineTool({
    name: listName,
    title: `List ${many}`,
    description: `${capital(many)}, the newest first, filtered by words, contact, status and time.`,
    effect: "read",
    input: z.object({
      search: searchIn.describe("Words in the number, the memo or the contact"),
      contact_id: idIn.optional().describe("From contact_list"),
      status_id: z.int().positive().max(999).optional().describe(statuses),
      ...datesIn,
      ...pagesIn,
    }),
    output: z.object({ documents: z.array(documentOut), ...pagesOut }),
    async run(given, call) {
      const { from, to } = datesOf(given, deps);
      const query = {
        search: given.search,
        contact_id: given.contact_id,
        status_id: given.status_id,
        date_from: from,
        date_to: to,
        sort_by: "trans_date",
        order_by: "desc",
      };
      const { rows, total, next_cursor } = await pageFor(given, { path, ...query }, (page) =>
        deps.api.page(call, { kind: cacheKind, path, query: { ...query, ...page } }, documentRow),
      );
      return {
        data: { documents: rows.map(toDocument), total, next_cursor },
        text: documentTable(rows, total),
      };
    },
  });

const detailTool = (
  deps: KledoDeps,
  { idName, one, path, cacheKind, listName }: DocumentKind,
  name: string,
) =>
  defineTool({
    name,
    title: `Read a ${one}`,
    description: `One ${one} with its items, payments and related documents.`,
    effect: "read",
    input: z.object({ [idName]: idIn.describe(`id from ${listName}`) }),
    output: detailOut,
    async run(given, call) {
      const detail = await deps.api.get(
        call,
        { kind: cacheKind, path: `${path}/${given[idName]}` },
        documentDetail,
      );
      return { data: toDetail(detail), text: detailText(capital(one), detail) };
    },
  });

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
