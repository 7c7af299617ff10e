import type { z } from "zod";
import type { Cache } from "../../kit/cache/cache.ts";
import { Failure } from "../../kit/failure.ts";
import type { TenantId } from "../../kit/tenant.ts";
import type { TokenKeeper } from "../../kit/tokens/keeper.ts";
import { accountMark } from "../../kit/tokens/token-store.ts";
import type { Upstream } from "../../kit/upstream/client.ts";
import type { UpstreamRequest } from "../../kit/upstream/request.ts";
import type { KledoSettings } from "../settings.ts";
import { baseOf } from "./sign-in.ts";
import { envelope, pageOf } from "./wire.ts";

/** A page of the largest size that Kledo gives, and how many of them are read for a sum. */
const LARGE_PAGE = 100;
const MAX_PAGES = 100;

export type Query = NonNullable<UpstreamRequest["query"]>;

/** For whom, and until when. A tool's call is one. */
export interface Asker {
  readonly tenant: TenantId;
  readonly signal: AbortSignal;
  readonly progress?: (done: number, total: number, words?: string) => Promise<void>;
}

export interface Question {
  /** Which tier of the cache: a name of settings.ts. */
  readonly kind: string;
  readonly path: string;
  readonly query?: Query;
  /** Past the cache. */
  readonly isFresh?: boolean;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly page: number;
  readonly lastPage: number;
  readonly total: number;
}

export interface All<Row> {
  readonly rows: readonly Row[];
  /** False when there were more than we read: what is summed up is then not all. */
  readonly isWhole: boolean;
}

export interface KledoApi {
  /** What stands in `data` of the answer. */
  readonly get: <Schema extends z.ZodType>(
    asker: Asker,
    question: Question,
    schema: Schema,
  ) => Promise<z.output<Schema>>;
  readonly page: <Row extends z.ZodType>(
    asker: Asker,
    question: Question,
    row: Row,
  ) => Promise<Page<z.output<Row>>>;
  /** Every page, up to 10,000 rows. */
  readonly all: <Row extends z.ZodType>(
    asker: Asker,
    question: Question,
    row: Row,
  ) => Promise<All<z.output<Row>>>;
}

interface KledoApiDeps {
  readonly upstream: Upstream;
  readonly cache: Cache;
  readonly keeper: TokenKeeper;
}

/** Reads Kledo, by way of the cache. */
export function createKledoApi(
  { upstream, cache, keeper }: KledoApiDeps,
  settings: KledoSettings,
): KledoApi {
  async function ask(asker: Asker, { path, query }: Question, signal: AbortSignal) {
    const base = baseOf(await keeper.tokensOf(asker.tenant, signal), settings);
    const reply = await upstream.send({
      tenant: asker.tenant,
      method: "GET",
      url: `${base}${path}`,
      ...(query === undefined ? {} : { query }),
      headers: { accept: "application/json", "app-client": settings.appClient },
      signal,
    });
    return read(envelope, reply.json()).data ?? null;
  }
  const api: KledoApi = {
    async get(asker, question, schema) {
      const { kind, path, query = {}, isFresh } = question;
      // With other credentials it is another company: nothing that was kept of the first one is shown.
      const account = accountMark(await keeper.credentialsOf(asker.tenant, asker.signal));
      const { value } = await cache.read(
        {
          tenant: asker.tenant,
          kind,
          key: { account, path, query: given(query) },
          ...(isFresh ? { isFresh } : {}),
          signal: asker.signal,
        },
        (signal) => ask(asker, question, signal),
      );
      return read(schema, value);
    },
    async page(asker, question, row) {
      const found = await api.get(asker, question, pageOf(row));
      const page = found.current_page ?? 1;
      return {
        rows: found.data,
        page,
        lastPage: found.last_page ?? page,
        total: found.total ?? found.data.length,
      };
    },
    async all<Row extends z.ZodType>(asker: Asker, question: Question, row: Row) {
      const rows: z.output<Row>[] = [];
      for (let page = 1; page <= MAX_PAGES; page += 1) {
        const query = { ...question.query, page, per_page: LARGE_PAGE };
        const found = await api.page(asker, { ...question, query }, row);
        rows.push(...found.rows);
        if (page >= found.lastPage || found.rows.length === 0) return { rows, isWhole: true };
        await asker.progress?.(page, found.lastPage, `${rows.length} of ${found.total} rows read`);
      }
      return { rows, isWhole: false };
    },
  };
  return api;
}

/** Null and undefined are never sent, and so make no other question. */
const given = (query: Query): Query =>
  Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined && value !== null),
  );

function read<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Failure("SCHEMA_MISMATCH", "Kledo's answer does not have the shape that we know.", {
    hint: "Kledo may have changed. Whoever runs the server finds the field in its log.",
    cause: parsed.error,
  });
}
