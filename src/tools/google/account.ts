import { z } from "zod";
import type { UserId } from "../../core/ids.ts";
import {
  createSealedRecords,
  type FoundRecord,
  type SealedRecordsDeps,
} from "../../core/sealed-records.ts";
import type { SecretOwner } from "../../core/secrets.ts";
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

export type AccountDeps = Omit<SealedRecordsDeps, "busy">;

export interface Accounts {
  readonly find: (person: UserId) => Promise<FoundAccount>;
  /** As in SealedRecords. */
  readonly change: <Account extends GoogleAccount | null>(
    person: UserId,
    change: (found: FoundAccount) => Promise<Account | "same">,
    signal: AbortSignal,
  ) => Promise<void>;
}

export function createAccounts(deps: AccountDeps): Accounts {
  const records = createSealedRecords({ ...deps, busy }, stored);
  return {
    find: async (person) => toFound(await records.find(ownerOf(person), NAME)),
    change: (person, change, signal) =>
      records.change(ownerOf(person), NAME, async (found) => change(toFound(found)), signal),
  };
}

const busy = (): Error =>
  new GoogleProblem(
    "Something else is being done with this person's Google. Try again in a minute.",
  );

const toFound = (found: FoundRecord<GoogleAccount>): FoundAccount =>
  found.kind === "found" ? { kind: "found", account: found.record } : found;

const ownerOf = (userId: UserId): SecretOwner => ({ kind: "person", userId });
