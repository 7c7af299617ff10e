import type { TenantId } from "../tenant.ts";

type QueryValue = string | number | boolean | null | undefined;

export interface UpstreamRequest {
  readonly tenant: TenantId;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Whole, without a query. */
  readonly url: string;
  /** A list is the same name several times; null and undefined are left out. */
  readonly query?: Readonly<Record<string, QueryValue | readonly QueryValue[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  /** Anything else; says its own content-type in `headers`. */
  readonly text?: string;
  /** Changes nothing, so that it may be sent again. GET is; a SOAP read by POST says so. */
  readonly isSafe?: boolean;
  /** Signed in as the tenant, unless it is the sign-in itself. */
  readonly isAnonymous?: boolean;
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

export const isSafe = ({ method, isSafe: said }: UpstreamRequest): boolean =>
  said ?? method === "GET";

export function urlOf({ url, query = {} }: UpstreamRequest): string {
  const whole = new URL(url);
  for (const [name, value] of Object.entries(query))
    for (const each of Array.isArray(value)
      ? (value as readonly QueryValue[])
      : [value as QueryValue])
      if (each !== undefined && each !== null) whole.searchParams.append(name, String(each));
  return whole.href;
}

export function bodyOf({ json, form, text }: UpstreamRequest): {
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  if (json !== undefined)
    return { body: JSON.stringify(json), headers: { "content-type": "application/json" } };
  if (form !== undefined)
    return {
      body: new URLSearchParams(form).toString(),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    };
  return text === undefined ? { headers: {} } : { body: text, headers: {} };
}
