import { z } from "zod";
import type { GoogleLinks } from "../../core/google.ts";
import type { UserId } from "../../core/ids.ts";
import type { SecretOwner, SecretStore } from "../../core/secrets.ts";
import { GoogleProblem } from "./problem.ts";

/** What is kept of one person's Google: one sealed secret, so that it goes with the person's other secrets. */
const stored = z.object({
  refreshToken: z.string(),
  accessToken: z.string(),
  /** Of the access token, in milliseconds since 1970. */
  expiresAt: z.number(),
  scopes: z.array(z.string()),
  email: z.string().nullable(),
  isRevoked: z.boolean(),
  /** Keys of audiences where the person lets it be used although others read along. */
  places: z.array(z.string()),
});

export type GoogleAccount = Readonly<z.infer<typeof stored>>;

export type FoundAccount =
  | { readonly kind: "found"; readonly account: GoogleAccount }
  | { readonly kind: "nothing" }
  | { readonly kind: "locked" };

const NAME = "google";
/** Longer than any change takes: an exchange with Google, with its retries. */
const LOCK_MS = 90_000;
const LOCK_ATTEMPTS = 200;
const LOCK_PAUSE_MS = 150;

export interface AccountDeps {
  readonly secrets: Pick<SecretStore, "get" | "put" | "remove">;
  readonly links: Pick<GoogleLinks, "lock" | "unlock">;
  readonly createId: () => string;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Accounts {
  readonly find: (person: UserId) => Promise<FoundAccount>;
  /**
   * Changes it, one change of a person at a time in all processes. `change` gets what is there by then, and gives what
   * shall be there: null for nothing, "same" for no change.
   */
  readonly change: <Account extends GoogleAccount | null>(
    person: UserId,
    change: (found: FoundAccount) => Promise<Account | "same">,
    signal: AbortSignal,
  ) => Promise<void>;
}

export function createAccounts({ secrets, links, createId, pause }: AccountDeps): Accounts {
  async function find(person: UserId): Promise<FoundAccount> {
    const found = await secrets.get(ownerOf(person), NAME);
    if (found.kind !== "found") return found;
    const account = stored.safeParse(JSON.parse(found.secret.reveal()));
    return account.success ? { kind: "found", account: account.data } : { kind: "locked" };
  }

  async function lock(person: UserId, holder: string, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
      if (await links.lock(person, holder, LOCK_MS)) return;
      await pause(LOCK_PAUSE_MS, signal);
      signal.throwIfAborted();
    }
    throw new GoogleProblem(
      "Something else is being done with this person's Google. Try again in a minute.",
    );
  }

  return {
    find,
    async change(person, change, signal) {
      const holder = createId();
      await lock(person, holder, signal);
      try {
        const wanted = await change(await find(person));
        if (wanted === "same") return;
        if (wanted === null) await secrets.remove(ownerOf(person), NAME);
        else await secrets.put(ownerOf(person), NAME, JSON.stringify(wanted));
      } finally {
        await links.unlock(person, holder);
      }
    },
  };
}

const ownerOf = (userId: UserId): SecretOwner => ({ kind: "person", userId });
