import type { REST } from "discord.js";
import { z } from "zod";
import type { AttachmentSource, Fetched } from "../core/files.ts";

const DISCORDS_HOSTS: ReadonlySet<string> = new Set([
  "https://cdn.discordapp.com",
  "https://media.discordapp.net",
]);
const MAX_FETCH_MS = 20_000;

interface Deps {
  readonly rest: REST;
  readonly fetch: typeof globalThis.fetch;
  /** null: Discord's own. A Discord elsewhere has its files there, too. */
  readonly apiBase: string | null;
}

const refreshed = z.looseObject({
  refreshed_urls: z.array(z.looseObject({ refreshed: z.string() })).min(1),
});

/**
 * The bytes of attachments from Discord's own servers, and from nowhere else. Their addresses expire after a day:
 * Discord gives a fresh one. https://docs.discord.com/developers/reference#signed-attachment-cdn-urls
 */
export function createDiscordAttachments({ rest, fetch, apiBase }: Deps): AttachmentSource {
  const allowed = (url: string): boolean => {
    const origin = URL.parse(url)?.origin;
    if (origin === undefined) return false;
    return apiBase === null ? DISCORDS_HOSTS.has(origin) : origin === new URL(apiBase).origin;
  };

  async function get(url: string, maxBytes: number, signal: AbortSignal): Promise<Fetched> {
    if (!allowed(url)) return { kind: "gone" };
    const within = AbortSignal.any([signal, AbortSignal.timeout(MAX_FETCH_MS)]);
    const response = await fetch(url, { signal: within, redirect: "error" });
    if (!response.ok) {
      await response.body?.cancel();
      if (response.status >= 500) throw new Error(`Discord's files answered ${response.status}`);
      return { kind: "gone" };
    }
    return readWithin(response, maxBytes);
  }

  async function fresh(url: string, signal: AbortSignal): Promise<string | null> {
    const answer = await rest.post("/attachments/refresh-urls", {
      body: { attachment_urls: [url] },
      signal,
    });
    const parsed = refreshed.safeParse(answer);
    return parsed.success ? (parsed.data.refreshed_urls[0]?.refreshed ?? null) : null;
  }

  return {
    async fetch({ url }, maxBytes, signal) {
      const first = await get(url, maxBytes, signal);
      if (first.kind !== "gone" || !allowed(url)) return first;
      const again = await fresh(url, signal).catch(() => {
        signal.throwIfAborted();
        return null; // Discord does not know it any more.
      });
      return again === null ? first : get(again, maxBytes, signal);
    },
  };
}

/** What is said of the length beforehand may be wrong. */
async function readWithin(response: Response, maxBytes: number): Promise<Fetched> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) {
      await response.body?.cancel().catch(() => {}); // Nobody wants the rest.
      return { kind: "too-large" };
    }
    chunks.push(chunk);
  }
  return { kind: "fetched", bytes: Buffer.concat(chunks) };
}
