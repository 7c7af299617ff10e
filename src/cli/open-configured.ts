import type { Config } from "../config.ts";
import { noFault } from "../core/fault.ts";
import { createLog } from "../lib/log.ts";
import type { openStore, Store } from "../store/index.ts";
import type { Machine } from "./machine.ts";

export interface StoreCommandDeps {
  readonly openStore: typeof openStore;
  readonly random: () => number;
  readonly createId: () => string;
  readonly machine: Machine;
}

/** The store of this configuration, for a command that works on it and ends. On an embedded one Clara must not be running. */
export function openConfigured(
  { openStore: open, random, createId, machine }: StoreCommandDeps,
  { secrets, secretKeys: keys, store }: Config,
): Promise<Store> {
  const log = createLog({ level: "error", secrets: () => secrets }, machine.errors);
  const knownSecrets = () => secrets;
  return open({ log, fault: noFault, random, createId, keys, knownSecrets }, store);
}
