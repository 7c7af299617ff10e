import type { Client, McpSubscription } from "@modelcontextprotocol/client";
import { pause } from "../lib/pause.ts";
import { MAX_RELISTENS, RELISTEN_MS, REQUEST_TIMEOUT_MS } from "./limits.ts";

/**
 * Listens for changes as long as the connection lives, where the revision has a stream of its own for them: one that was
 * cut off is begun again, and what may have been missed is asked for.
 */
export async function keepListening(
  client: Client,
  onMissed: () => void,
  ended: Promise<unknown>,
): Promise<void> {
  const over = new AbortController();
  void ended.then(() => over.abort());
  let open: McpSubscription | null = client.autoOpenedSubscription ?? null;
  while (open !== null) {
    const why = await Promise.race([open.closed, ended.then(() => "local" as const)]);
    if (why === "local") return;
    open = await listenAgain(client, open.honoredFilter, over.signal);
    if (open !== null) onMissed();
  }
}

/** null when it is over, or was tried often enough: the lists are asked for at the next start then. */
async function listenAgain(
  client: Client,
  filter: McpSubscription["honoredFilter"],
  signal: AbortSignal,
): Promise<McpSubscription | null> {
  for (let attempt = 0; attempt < MAX_RELISTENS && !signal.aborted; attempt++) {
    await pause(RELISTEN_MS * 2 ** attempt, signal);
    if (signal.aborted) return null;
    const open = await client
      .listen(filter, { timeout: REQUEST_TIMEOUT_MS, signal })
      .catch(() => null);
    if (open !== null) return open;
  }
  return null;
}
