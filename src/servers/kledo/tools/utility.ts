import { z } from "zod";
import { defineTool, type Tool } from "../../kit/tool.ts";
import { toFailure } from "../../kit/failure.ts";
import { ENDPOINTS } from "../api/endpoints.ts";
import type { KledoDeps } from "../deps.ts";

/** About the server itself. */
export const utility = (deps: KledoDeps): readonly Tool[] => [
  clearCache(deps),
  cacheStats(deps),
  testConnection(deps),
];

const clearCache = ({ cache }: KledoDeps) =>
  defineTool({
    name: "utility_clear_cache",
    title: "Clear the cache",
    description:
      "Forgets what was read so far, so that everything is asked anew. Changes nothing in Kledo.",
    effect: "read",
    input: z.object({}),
    output: z.object({ cleared: z.int() }),
    async run(_, { tenant }) {
      const cleared = await cache.clear(tenant);
      return { data: { cleared }, text: `${cleared} answers forgotten.` };
    },
  });

const cacheStats = ({ cache, memory, maxEntries }: KledoDeps) =>
  defineTool({
    name: "utility_get_cache_stats",
    title: "State of the cache",
    description: "How much is kept, and how often it helped.",
    effect: "read",
    input: z.object({}),
    output: z.object({
      enabled: z.boolean(),
      size: z.int(),
      max_size: z.int(),
      hits: z.int(),
      misses: z.int(),
      hit_rate: z.string().describe("Such as 41.67%"),
      sets: z.int(),
      evictions: z.int().describe("Of all accounts of this server"),
      expirations: z.int().describe("Of all accounts of this server"),
      total_requests: z.int(),
      ttl_seconds: z.record(z.string(), z.number()),
    }),
    async run(_, { tenant }) {
      const { hits, misses, sets } = cache.counts(tenant);
      const all = hits + misses;
      return {
        data: {
          enabled: cache.settings.isOn,
          size: await cache.size(tenant),
          max_size: maxEntries,
          hits,
          misses,
          hit_rate: `${(all === 0 ? 0 : (hits / all) * 100).toFixed(2)}%`,
          sets,
          evictions: memory.evictions(),
          expirations: memory.expirations(),
          total_requests: all,
          ttl_seconds: { ...cache.settings.ttlSeconds },
        },
      };
    },
  });

const testConnection = ({ api, clock }: KledoDeps) =>
  defineTool({
    name: "utility_test_connection",
    title: "Test the connection",
    description: "Asks Kledo for something small, past the cache, and tells whether it answers.",
    effect: "read",
    input: z.object({}),
    output: z.object({
      is_connected: z.boolean(),
      elapsed_ms: z.int(),
      problem: z.string().nullable(),
    }),
    async run(_, call) {
      const began = clock.now().getTime();
      const elapsed = () => clock.now().getTime() - began;
      try {
        const question = { kind: "bank_balance", path: ENDPOINTS.bank.list, isFresh: true };
        await api.get(call, question, z.unknown());
        const data = { is_connected: true, elapsed_ms: elapsed(), problem: null };
        return { data, text: `Kledo answers, after ${data.elapsed_ms} ms.` };
      } catch (thrown) {
        call.signal.throwIfAborted();
        const { code, message, hint } = toFailure(thrown);
        const problem = `${code}: ${message}${hint ? ` ${hint}` : ""}`;
        return { data: { is_connected: false, elapsed_ms: elapsed(), problem }, text: problem };
      }
    },
  });
