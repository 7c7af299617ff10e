import { z } from "zod";
import type { UserId } from "../../core/ids.ts";
import type { NetRequest, SafeFetch } from "../../core/net.ts";

export interface SearchQuery {
  readonly query: string;
  readonly maxResults: number;
  readonly depth: "basic" | "advanced";
}

export interface SearchHit {
  readonly title: string;
  readonly url: string;
  readonly snippet: string;
}

export type SearchResult =
  | {
      readonly kind: "found";
      /** A short answer that the service made of the hits; null for none. */
      readonly answer: string | null;
      readonly hits: readonly SearchHit[];
    }
  | { readonly kind: "failed"; readonly says: string };

export interface SearchService {
  readonly name: string;
  readonly search: (
    query: SearchQuery,
    onBehalfOf: UserId,
    signal: AbortSignal,
  ) => Promise<SearchResult>;
}

export interface ServiceOptions {
  readonly fetch: SafeFetch;
  readonly baseUrl: string;
  /** null for a service that needs none. */
  readonly key: string | null;
}

const text = z.string().nullish();

/** https://docs.tavily.com/documentation/api-reference/endpoint/search */
export const tavily = ({ fetch, baseUrl, key }: ServiceOptions): SearchService =>
  service("Tavily", fetch, {
    request: ({ query, maxResults, depth }) => ({
      url: `${baseUrl}/search`,
      method: "POST",
      headers: { authorization: `Bearer ${key ?? ""}`, "content-type": "application/json" },
      body: JSON.stringify({
        query,
        max_results: maxResults,
        search_depth: depth,
        include_answer: true,
      }),
    }),
    answer: z.looseObject({
      answer: text,
      results: z.array(z.looseObject({ title: text, url: z.string(), content: text })),
    }),
    read: ({ answer, results }) => ({
      answer: answer ?? null,
      hits: results.map(({ title, url, content }) => ({
        title: title ?? "",
        url,
        snippet: content ?? "",
      })),
    }),
  });

/** https://api-dashboard.search.brave.com/app/documentation/web-search/get-started */
export const brave = ({ fetch, baseUrl, key }: ServiceOptions): SearchService =>
  service("Brave", fetch, {
    request: ({ query, maxResults }) => ({
      url: `${baseUrl}/res/v1/web/search?${new URLSearchParams({ q: query, count: String(maxResults) }).toString()}`,
      headers: { "x-subscription-token": key ?? "", accept: "application/json" },
    }),
    answer: z.looseObject({
      web: z
        .looseObject({
          results: z.array(z.looseObject({ title: text, url: z.string(), description: text })),
        })
        .nullish(),
    }),
    read: ({ web }) => ({
      answer: null,
      hits: (web?.results ?? []).map(({ title, url, description }) => ({
        title: withoutTags(title ?? ""),
        url,
        snippet: withoutTags(description ?? ""),
      })),
    }),
  });

/** https://docs.searxng.org/dev/search_api.html; `json` must be among its formats. */
export const searxng = ({ fetch, baseUrl }: ServiceOptions): SearchService =>
  service("SearXNG", fetch, {
    request: ({ query }) => ({
      url: `${baseUrl}/search?${new URLSearchParams({ q: query, format: "json" }).toString()}`,
      headers: { accept: "application/json" },
    }),
    answer: z.looseObject({
      results: z.array(z.looseObject({ title: text, url: z.string(), content: text })),
    }),
    read: ({ results }) => ({
      answer: null,
      hits: results.map(({ title, url, content }) => ({
        title: title ?? "",
        url,
        snippet: content ?? "",
      })),
    }),
  });

interface Dialect<Answer> {
  readonly request: (query: SearchQuery) => Pick<NetRequest, "url" | "method" | "headers" | "body">;
  readonly answer: z.ZodType<Answer>;
  readonly read: (answer: Answer) => Omit<Extract<SearchResult, { kind: "found" }>, "kind">;
}

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

function service<Answer>(name: string, fetch: SafeFetch, dialect: Dialect<Answer>): SearchService {
  return {
    name,
    async search(query, onBehalfOf, signal) {
      const asked = dialect.request(query);
      const answer = await fetch({ ...asked, onBehalfOf, maxBytes: MAX_ANSWER_BYTES, signal });
      if (answer.kind === "failure") return { kind: "failed", says: answer.says };
      const trouble = troubleOf(answer.status, name);
      if (trouble !== null) return { kind: "failed", says: trouble };
      const parsed = dialect.answer.safeParse(parseJson(answer.body));
      if (!parsed.success)
        return { kind: "failed", says: `${name} answered in a form that I do not know.` };
      const { answer: words, hits } = dialect.read(parsed.data);
      return { kind: "found", answer: words, hits: hits.slice(0, query.maxResults) };
    },
  };
}

function troubleOf(status: number, name: string): string | null {
  if (status === 401 || status === 403)
    return `${name} does not accept its key, or does not allow this. Whoever runs me should check it.`;
  if (status === 429 || status === 432 || status === 433)
    return `${name} allows no more searches for now.`;
  return status >= 200 && status < 300 ? null : `${name} answered with status ${status}.`;
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return null;
  }
}

const withoutTags = (html: string): string =>
  html
    .replace(/<[^<>]{0,200}>/g, "")
    .replaceAll("&#x27;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
