import { z } from "zod";
import type { Cache } from "../../kit/cache/cache.ts";
import { Failure } from "../../kit/failure.ts";
import type { TenantId } from "../../kit/tenant.ts";
import type { TokenKeeper } from "../../kit/tokens/keeper.ts";
import { accountMark } from "../../kit/tokens/token-store.ts";
import type { Upstream } from "../../kit/upstream/client.ts";
import type { UpstreamRequest } from "../../kit/upstream/request.ts";
import type { CacheKind } from "../settings.ts";
import { readAs } from "./read-as.ts";
import { envelope, row, type Envelope, type Row } from "./wire.ts";

export type Query = NonNullable<UpstreamRequest["query"]>;

/** For whom, and until when. A tool's call is one. */
export interface Asker {
  readonly tenant: TenantId;
  readonly signal: AbortSignal;
}

export interface Listed {
  readonly rows: readonly Row[];
  /** null for a list that comes whole, without pages. */
  readonly pages: { readonly page: number; readonly last: number; readonly total: number } | null;
}

export interface Write {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly json?: unknown;
}

export interface QontakApi {
  /** Whatever stands in `response`; null for nothing. */
  readonly ask: (asker: Asker, path: string, query?: Query) => Promise<unknown>;
  /** The same from the cache, where it is there and not asked for anew. */
  readonly remembered: <Schema extends z.ZodType>(
    asker: Asker,
    question: RememberedQuestion<Schema>,
  ) => Promise<{ readonly value: z.output<Schema>; readonly isFresh: boolean }>;
  readonly one: (asker: Asker, path: string) => Promise<Row>;
  readonly list: (asker: Asker, path: string, query: Query) => Promise<Listed>;
  /** The record as it is afterwards where Qontak sends it, null where it does not. */
  readonly write: (asker: Asker, write: Write) => Promise<unknown>;
  readonly forget: (asker: Asker, kind: CacheKind) => Promise<void>;
}

export interface RememberedQuestion<Schema extends z.ZodType> {
  readonly kind: CacheKind;
  readonly path: string;
  /** What does not fit it is not kept. */
  readonly schema: Schema;
  readonly isFresh?: boolean;
}

interface QontakApiDeps {
  readonly upstream: Upstream;
  readonly cache: Cache;
  readonly keeper: Pick<TokenKeeper, "credentialsOf">;
}

/** Speaks with Qontak: envelopes, pages, and what of it is kept for a while. */
export function createQontakApi(
  { upstream, cache, keeper }: QontakApiDeps,
  baseUrl: string,
): QontakApi {
  const send = (asker: Asker, request: Omit<Write, "method"> & { method: string; query?: Query }) =>
    upstream.send({
      ...request,
      method: request.method as UpstreamRequest["method"],
      tenant: asker.tenant,
      signal: asker.signal,
      url: `${baseUrl}${request.path}`,
      headers: { accept: "application/json" },
    });
  async function get(asker: Asker, path: string, query: Query = {}): Promise<Envelope> {
    const reply = await send(asker, { method: "GET", path, query });
    return readAs(answered, reply.json());
  }
  return {
    ask: async (asker, path, query) => (await get(asker, path, query)).response,
    async remembered(asker, { kind, path, schema, isFresh = false }) {
      // With other credentials it is another company: nothing that was kept of the first one is shown.
      const account = accountMark(await keeper.credentialsOf(asker.tenant, asker.signal));
      const { value, ageSeconds } = await cache.read(
        { tenant: asker.tenant, kind, key: { account, path }, isFresh, signal: asker.signal },
        async (signal) => {
          const { response } = await get({ ...asker, signal }, path);
          readAs(schema, response);
          return response;
        },
      );
      return { value: readAs(schema, value), isFresh: ageSeconds === null };
    },
    one: async (asker, path) => oneOf((await get(asker, path)).response),
    list: async (asker, path, query) => listed(await get(asker, path, query), query["per_page"]),
    async write(asker, { method, path, json }) {
      const reply = await send(asker, { method, path, ...(json === undefined ? {} : { json }) });
      return reply.text.trim() === "" ? null : writtenOf(reply.json);
    },
    forget: (asker, kind) => cache.forget(asker.tenant, [kind]),
  };
}

/** What was asked for is there, be it null: anything else is no answer of Qontak's. */
const answered = envelope.refine(({ response }) => response !== undefined, "has no response");

/** Qontak's own example of one contact is a list with one in it. */
function oneOf(response: unknown): Row {
  const found: unknown = Array.isArray(response) ? response[0] : response;
  if (found === undefined || found === null) throw nothing();
  return readAs(row, found);
}

function listed(
  { response, page, current_page, total_page, total_data }: Envelope,
  perPage: unknown,
): Listed {
  const rows = readAs(z.array(row), response ?? []);
  const at = page ?? current_page;
  if (at === null || at === undefined) return { rows, pages: null };
  const total = total_data ?? rows.length;
  const counted = typeof perPage === "number" ? Math.max(1, Math.ceil(total / perPage)) : at;
  return { rows, pages: { page: at, last: total_page ?? counted, total } };
}

function writtenOf(json: () => unknown): unknown {
  try {
    const body = json();
    const { meta, response } = readAs(envelope, body);
    return meta ? (response ?? null) : (response ?? body);
  } catch (cause) {
    throw new Failure("SCHEMA_MISMATCH", "Qontak's answer to the change cannot be read.", {
      hint: "It may have been made all the same. Look whether it is there before you try again.",
      cause,
    });
  }
}

const nothing = (): Failure =>
  new Failure("NOT_FOUND", "There is no such thing.", { hint: "A list shows what there is." });
