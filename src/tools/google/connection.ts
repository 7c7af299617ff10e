import { createHash } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import type {
  Disconnected,
  GoogleConnection,
  GoogleLinks,
  GoogleSignIn,
  GoogleStatus,
  SignInEnd,
} from "../../core/google.ts";
import { audienceKey, type Scope } from "../../core/principal.ts";
import type { LinkedPerson } from "../../core/sign-in.ts";
import type { Accounts, GoogleAccount } from "./account.ts";
import type { OAuth, Tokens } from "./oauth.ts";
import { sortGranted } from "./services.ts";

/** RFC 6749 wants codes to be short-lived; so is the link to one. */
const LINK_LIFE_MS = 10 * 60_000;
const MAX_PLACES = 50;
/** Of a change that asks Google nothing. */
const CHANGE_MS = 30_000;
/** Of an account that another took the place of; a browser waits for it. */
const REVOKE_MS = 10_000;

interface Deps {
  readonly accounts: Accounts;
  readonly oauth: OAuth;
  readonly links: GoogleLinks;
  readonly clock: Clock;
  /** Not to be guessed, and fit for an address. */
  readonly createSecret: () => string;
}

/** How people connect their own Google and take it back; `startUrl` is where links lead, without a slash at its end. */
export function createConnection(
  { accounts, oauth, links, clock, createSecret }: Deps,
  startUrl: string,
): GoogleConnection & GoogleSignIn {
  async function link(scope: Scope): Promise<string> {
    const secret = createSecret();
    const expiresAt = new Date(clock.now().getTime() + LINK_LIFE_MS);
    await links.offer(scope, { idHash: hashOf(secret), expiresAt });
    return `${startUrl}/${secret}`;
  }

  async function status({ principal, audience }: Scope): Promise<GoogleStatus> {
    const found = await accounts.find(principal.userId);
    if (found.kind !== "found") return found;
    const { email, isRevoked, scopes, places } = found.account;
    if (isRevoked) return { kind: "revoked", email };
    const here = audienceKey(audience);
    return {
      kind: "connected",
      email,
      ...sortGranted(scopes),
      isAllowedHere: isPrivate({ principal, audience }) || places.includes(here),
      otherPlaces: places.filter((place) => place !== here).length,
    };
  }

  async function disconnect({ principal }: Scope, signal: AbortSignal): Promise<Disconnected> {
    const person = principal.userId;
    let ended: Disconnected = { kind: "nothing" };
    await links.forgetAll(person);
    await accounts.change(
      person,
      async (found) => {
        if (found.kind === "nothing") return "same";
        const isRevoked =
          found.kind === "found" &&
          (found.account.isRevoked || (await oauth.revoke(found.account.refreshToken, signal)));
        ended = { kind: "disconnected", isRevoked };
        return null;
      },
      signal,
    );
    return ended;
  }

  async function allowHere({ principal, audience }: Scope, isAllowed: boolean): Promise<boolean> {
    let isThere = false;
    const here = audienceKey(audience);
    await accounts.change(
      principal.userId,
      async (found) => {
        if (found.kind !== "found") return "same";
        isThere = true;
        const others = found.account.places.filter((place) => place !== here);
        const places = isAllowed ? [...others, here].slice(-MAX_PLACES) : others;
        return { ...found.account, places };
      },
      AbortSignal.timeout(CHANGE_MS),
    );
    return isThere;
  }

  async function finish(...[back, signal]: Parameters<GoogleSignIn["finish"]>): Promise<SignInEnd> {
    const { state, key: verifier, answer } = back;
    const finished = await links.finish(hashOf(state), challengeOf(verifier), clock.now());
    if (finished.kind !== "finished") return { kind: finished.kind };
    if (answer.kind === "error")
      return answer.error === "access_denied"
        ? { kind: "declined" }
        : { kind: "failed", says: ODD };
    const exchanged = await oauth.exchange(answer.code, verifier, signal);
    if (exchanged.kind === "failed") return { kind: "failed", says: exchanged.says };
    if (exchanged.kind === "invalid-grant") return { kind: "failed", says: USED_UP };
    return keep(finished.person, exchanged.tokens, signal);
  }

  async function keep(
    person: LinkedPerson,
    { refreshToken, ...tokens }: Tokens,
    signal: AbortSignal,
  ): Promise<SignInEnd> {
    if (refreshToken === null) return { kind: "failed", says: NOT_LASTING };
    const { email, accessToken } = tokens;
    const scopes = [...(tokens.scopes ?? [])];
    const account: GoogleAccount = {
      refreshToken,
      accessToken,
      expiresAt: tokens.expiresAt ?? clock.now().getTime(),
      scopes,
      email,
      isRevoked: false,
      places: [],
    };
    let replaced: GoogleAccount | null = null;
    await accounts.change(
      person.userId,
      async (found) => {
        if (found.kind !== "found") return account;
        const { email: former, places } = found.account;
        if (former === null || email === null) return account;
        // Of the same account Google would take back the new agreement with the old one: it knows one for each.
        if (former.toLowerCase() === email.toLowerCase()) return { ...account, places };
        replaced = found.account;
        return account;
      },
      signal,
    );
    if (replaced !== null) await revokeIfPossible(replaced);
    return { kind: "connected", person, email, missing: sortGranted(scopes).missing };
  }

  /** The new one is connected already, whatever Google says to this. */
  async function revokeIfPossible({ isRevoked, refreshToken }: GoogleAccount): Promise<void> {
    if (isRevoked) return;
    try {
      await oauth.revoke(refreshToken, AbortSignal.timeout(REVOKE_MS));
    } catch {
      // It took too long. The person sees it at Google, and can remove it there.
    }
  }

  return {
    link,
    status,
    disconnect,
    allowHere,
    newKey: createSecret,
    challengeOf,
    look: (secret) => links.look(hashOf(secret), clock.now()),
    async begin(secret, challenge) {
      const state = createSecret();
      const begun = { stateHash: hashOf(state), challenge };
      if (!(await links.begin(hashOf(secret), begun, clock.now()))) return null;
      return oauth.authorizeUrl(state, challenge);
    },
    finish,
  };
}

/** Where only the person reads. */
export const isPrivate = ({ principal, audience }: Scope): boolean =>
  audience.kind === "private" && audience.userId === principal.userId;

const ODD = "Google sent you back without a code.";
const USED_UP = "Google no longer takes this sign-in: it was used before, or took too long.";
const NOT_LASTING =
  "Google gave no lasting permission. Remove Clara at https://myaccount.google.com/connections, then connect again.";

const hashOf = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** RFC 7636, S256. */
const challengeOf = hashOf;
