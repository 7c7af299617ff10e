import type { Discord } from "../discord/index.ts";
import type { Store } from "../store/index.ts";
import type { RunningSetup } from "./setup.ts";

/** Is she well, and may work be sent to this process? */
export async function checkHealth(
  { setup, store }: { readonly setup: RunningSetup; readonly store: Store },
  discord: Pick<Discord, "state"> | null,
) {
  const works = await store.ping().then(
    () => true,
    () => false,
  );
  const state = discord?.state() ?? "ready";
  return {
    status: works && state !== "stopped" ? ("ok" as const) : ("degraded" as const),
    isReady: works && state === "ready",
    isDemo: setup.isDemo(),
    rooms: setup.rooms(),
  };
}
