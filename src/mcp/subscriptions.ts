import type { Client, McpSubscription } from "@modelcontextprotocol/client";
import { REQUEST_TIMEOUT_MS } from "./limits.ts";

/** Resources of one connection that are watched; the oldest is let go of. */
const MAX_WATCHED = 20;

export interface Subscriptions {
  /** Is told of changes of this resource from now on, where the server can; what was changed counts as seen. */
  readonly watch: (uri: string) => void;
  readonly changed: () => readonly string[];
}

/** Who tells of changes in which way depends on the revision of the protocol. */
export function createSubscriptions(client: Client): Subscriptions {
  const watched = new Set<string>();
  const changed = new Set<string>();
  const isOld = client.getProtocolEra() === "legacy";
  let listening: Promise<McpSubscription | null> = Promise.resolve(null);

  if (client.getServerCapabilities()?.resources?.subscribe)
    client.setNotificationHandler("notifications/resources/updated", ({ params: { uri } }) => {
      if (watched.has(uri)) changed.add(uri);
    });

  /** A server that cannot after all is no reason to fail: nothing is told then. */
  function subscribe(uri: string): void {
    const options = { timeout: REQUEST_TIMEOUT_MS };
    if (isOld) void client.subscribeResource({ uri }, options).catch(() => {});
    else
      listening = listening.then(async (before) => {
        await before?.close();
        const filter = { resourceSubscriptions: [...watched] };
        return await client.listen(filter, options).catch(() => null);
      });
  }

  return {
    watch(uri) {
      changed.delete(uri);
      if (watched.has(uri) || !client.getServerCapabilities()?.resources?.subscribe) return;
      if (watched.size >= MAX_WATCHED) forgetOldest();
      watched.add(uri);
      subscribe(uri);
    },
    changed: () => [...changed],
  };

  function forgetOldest(): void {
    const [oldest] = watched;
    if (oldest === undefined) return;
    watched.delete(oldest);
    changed.delete(oldest);
    if (isOld)
      void client
        .unsubscribeResource({ uri: oldest }, { timeout: REQUEST_TIMEOUT_MS })
        .catch(() => {});
  }
}
