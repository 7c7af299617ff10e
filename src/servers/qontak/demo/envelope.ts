import type { Crm } from "./crm.ts";

/** An answer of Qontak: the status of HTTP, and the one within. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const MAX_PER_PAGE = 100;
const USUAL_PER_PAGE = 25;

const meta = (crm: Crm) => ({
  status: 200,
  type: "OK",
  error_code: null,
  info: "https://developers.qontak.com/docs/",
  developer_message: "Success",
  message: "Success",
  timestamp: crm.now().toISOString(),
  log_id: "00000000-0000-4000-8000-000000000000",
});

export const one = (crm: Crm, response: unknown): Answer => ({
  status: 200,
  body: { meta: meta(crm), response },
});

/** A list that comes whole. */
export const plain = (crm: Crm, rows: readonly unknown[]): Answer => one(crm, rows);

/** After a change, without what was changed. */
export const done = (crm: Crm): Answer => ({ status: 200, body: { meta: meta(crm) } });

export function paged(
  crm: Crm,
  rows: readonly unknown[],
  query: URLSearchParams,
  name: "page" | "current_page",
): Answer {
  const page = Math.max(1, Number(query.get("page") ?? 1) || 1);
  const asked = Number(query.get("per_page") ?? USUAL_PER_PAGE) || USUAL_PER_PAGE;
  const size = Math.min(MAX_PER_PAGE, Math.max(1, asked));
  const part = rows.slice((page - 1) * size, page * size);
  const pages = {
    [name]: page,
    total_page: Math.max(1, Math.ceil(rows.length / size)),
    [name === "page" ? "current_data" : "total_current_data"]: part.length,
    total_data: rows.length,
  };
  return { status: 200, body: { meta: meta(crm), response: part, ...pages } };
}

/** What Qontak refuses it refuses with 200, and says so within. */
export const refused = (crm: Crm, words: string): Answer => ({
  status: 200,
  body: { meta: troubled(crm, 422, "Unprocessable Entity", words) },
});

export const missing = (crm: Crm): Answer => ({
  status: 404,
  body: { meta: troubled(crm, 404, "Not Found", "record not found") },
});

const troubled = (crm: Crm, status: number, type: string, words: string) => ({
  ...meta(crm),
  status,
  type,
  error_code: status,
  developer_message: words,
  message: type,
  timestamp: Math.floor(crm.now().getTime() / 1000),
});
