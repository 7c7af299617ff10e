import type { TenantId } from "../../kit/tenant.ts";
import type { Operation } from "../soap/operation.ts";
import type { Value } from "../soap/value.ts";
import type { XmlNode } from "../soap/xml-node.ts";

/** For whom, and until when. A tool's call is one. */
export interface Asker {
  readonly tenant: TenantId;
  readonly signal: AbortSignal;
}

/** What is cached together, and forgotten together. */
export type CacheKind = "documents" | "customers" | "stock" | "loyalty" | "products";

export interface Question {
  readonly operation: Operation;
  /** In the method's own order, without the context. */
  readonly parameters: readonly (readonly [string, Value])[];
  readonly kind: CacheKind;
  /** Past the cache. */
  readonly isFresh?: boolean;
}

/** The SOAP services of one folder of Cegid Y2. */
export interface Y2 {
  /** The method's result; null where it has none. Reads may come from the cache; writes forget their kind. */
  readonly ask: (asker: Asker, question: Question) => Promise<XmlNode | null>;
}

/** The JSON services of the same folder. */
export interface Y2Rest {
  readonly isOn: boolean;
  /** JSON. Throws UNSUPPORTED_OPERATION where they are not set up. */
  readonly get: (
    asker: Asker,
    kind: CacheKind,
    path: string,
    query: Readonly<Record<string, string | readonly string[] | undefined>>,
  ) => Promise<unknown>;
  readonly image: (
    asker: Asker,
    path: string,
  ) => Promise<{ readonly mimeType: string; readonly base64: string }>;
}
