import type { Config } from "../config.ts";
import type { Discord } from "../discord/index.ts";
import type { Store } from "../store/index.ts";

/** Is she well, and may work be sent to this process? */
export async function checkHealth(
  { config, store }: { readonly config: Config; readonly store: Store },
  discord: Pick<Discord, "state"> | null,
) {
  const works = await store.ping().then(
    () => true,
    () => false,
  );
  const state = discord?.state() ?? "ready";
  const [first] = config.models.providers;
  return {
    status: works && state !== "stopped" ? ("ok" as const) : ("degraded" as const),
    isReady: works && state === "ready",
    isDemo: first.kind === "demo",
    rooms: config.rooms,
  };
}
