import type { z } from "zod";
import type { Locks } from "./locks.ts";
import type { SecretOwner, SecretStore } from "./secrets.ts";

/** Longer than any change takes: an exchange with another house, with its retries. */
const LOCK_MS = 90_000;
const LOCK_ATTEMPTS = 200;
const LOCK_PAUSE_MS = 150;

export interface SealedRecordsDeps {
  readonly secrets: Pick<SecretStore, "get" | "put" | "remove">;
  readonly locks: Locks;
  readonly createId: () => string;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** What to throw when somebody else has been changing it for too long. */
  readonly busy: () => Error;
}

export type FoundRecord<Kept> =
  | { readonly kind: "found"; readonly record: Kept }
  | { readonly kind: "nothing" }
  /** It is there, and cannot be opened or read. */
  | { readonly kind: "locked" };

/** What is kept of an owner as one sealed secret, so that it goes with the owner's other secrets. */
export interface SealedRecords<Kept> {
  readonly find: (owner: SecretOwner, name: string) => Promise<FoundRecord<Kept>>;
  /**
   * Changes it, one change at a time in all processes. `change` gets what is there by then, and gives what shall be
   * there: null for nothing, "same" for no change.
   */
  readonly change: (
    owner: SecretOwner,
    name: string,
    change: (found: FoundRecord<Kept>) => Promise<Kept | null | "same">,
    signal: AbortSignal,
  ) => Promise<void>;
}

export function createSealedRecords<Kept extends object>(
  { secrets, locks, createId, pause, busy }: SealedRecordsDeps,
  schema: z.ZodType<Kept>,
): SealedRecords<Kept> {
  async function find(owner: SecretOwner, name: string): Promise<FoundRecord<Kept>> {
    const found = await secrets.get(owner, name);
    if (found.kind !== "found") return found;
    const record = schema.safeParse(JSON.parse(found.secret.reveal()));
    return record.success ? { kind: "found", record: record.data } : { kind: "locked" };
  }

  async function lock(name: string, holder: string, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
      if (await locks.take(name, holder, LOCK_MS)) return;
      await pause(LOCK_PAUSE_MS, signal);
      signal.throwIfAborted();
    }
    throw busy();
  }

  return {
    find,
    async change(owner, name, change, signal) {
      const holder = createId();
      const lockName = `${name} ${nameOf(owner)}`;
      await lock(lockName, holder, signal);
      try {
        const wanted = await change(await find(owner, name));
        if (wanted === "same") return;
        if (wanted === null) await secrets.remove(owner, name);
        else await secrets.put(owner, name, JSON.stringify(wanted));
      } finally {
        await locks.release(lockName, holder);
      }
    },
  };
}

function nameOf(owner: SecretOwner): string {
  switch (owner.kind) {
    case "operator":
      return "operator";
    case "guild":
      return owner.guildId;
    case "person":
      return owner.userId;
  }
}
