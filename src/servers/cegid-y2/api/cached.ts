import type { Cache } from "../../kit/cache/cache.ts";
import type { Operation } from "../soap/operation.ts";
import type { Value } from "../soap/value.ts";
import type { XmlNode } from "../soap/xml-node.ts";
import type { Asker, CacheKind, Y2 } from "./y2.ts";

/** A sale moves stock and points; whatever else is written changes its own kind only. */
const TOUCHES: Readonly<Record<CacheKind, readonly CacheKind[]>> = {
  documents: ["documents", "stock", "loyalty"],
  customers: ["customers"],
  stock: ["stock"],
  loyalty: ["loyalty"],
  products: ["products"],
};

/** Reads by way of the cache; after a write, failed ones included, what it may have changed is forgotten. */
export const cachedY2 = (
  cache: Cache,
  accountOf: (asker: Asker) => Promise<string>,
  call: (
    asker: Asker,
    operation: Operation,
    parameters: readonly (readonly [string, Value])[],
  ) => Promise<XmlNode | null>,
): Y2 => ({
  async ask(asker, { operation, parameters, kind, isFresh = false }) {
    const { tenant, signal } = asker;
    if (operation.isRead) {
      // With other credentials it is another folder: nothing that was kept of the first one is shown.
      const account = await accountOf(asker);
      const key = { account, service: operation.service, method: operation.method, parameters };
      const { value } = await cache.read({ tenant, kind, key, isFresh, signal }, (inner) =>
        call({ ...asker, signal: inner }, operation, parameters),
      );
      return value;
    }
    try {
      return await call(asker, operation, parameters);
    } finally {
      await cache.forget(tenant, TOUCHES[kind]);
    }
  },
});
