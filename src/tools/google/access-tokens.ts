import type { Clock } from "../../core/clock.ts";
import type { UserId } from "../../core/ids.ts";
import type { Accounts, GoogleAccount } from "./account.ts";
import type { OAuth } from "./oauth.ts";
import { GoogleProblem, RECONNECT } from "./problem.ts";

/** A token that runs out within this is not begun with. */
const EARLY_MS = 60_000;
/** Google's tokens live for an hour; where it does not say, take the shorter. */
const DEFAULT_LIFE_MS = 30 * 60_000;
/** A refresh serves all who wait for it, so it does not end with one of them. */
const REFRESH_MS = 60_000;

interface Deps {
  readonly accounts: Accounts;
  readonly oauth: OAuth;
  readonly clock: Clock;
}

/** A token that Google should take now. `refused`: one that it did not. Throws GoogleProblem when the person has to connect anew. */
export type AccessToken = (person: UserId, refused: string | null) => Promise<string>;

/** However many ask at once, and in however many processes: a token is refreshed once. */
export function createAccessTokens({ accounts, oauth, clock }: Deps): AccessToken {
  const refreshing = new Map<UserId, Promise<string>>();

  const isGood = (account: GoogleAccount, refused: string | null) =>
    account.accessToken !== refused && account.expiresAt - clock.now().getTime() > EARLY_MS;

  async function refresh(person: UserId, refused: string | null): Promise<string> {
    const signal = AbortSignal.timeout(REFRESH_MS);
    let token = "";
    let problem: string | null = null;
    await accounts.change(
      person,
      async (found) => {
        if (found.kind !== "found" || found.account.isRevoked) {
          problem = RECONNECT;
          return "same";
        }
        const { account } = found;
        token = account.accessToken;
        // Another process was quicker.
        if (isGood(account, refused)) return "same";
        const answer = await oauth.refresh(account.refreshToken, signal);
        if (answer.kind === "invalid-grant") {
          problem = RECONNECT;
          return { ...account, accessToken: "", expiresAt: 0, isRevoked: true };
        }
        if (answer.kind === "failed") {
          problem = answer.says;
          return "same";
        }
        const { tokens } = answer;
        token = tokens.accessToken;
        return {
          ...account,
          accessToken: token,
          // Google may give a new one, and then no longer takes the old one.
          refreshToken: tokens.refreshToken ?? account.refreshToken,
          expiresAt: tokens.expiresAt ?? clock.now().getTime() + DEFAULT_LIFE_MS,
          scopes: [...(tokens.scopes ?? account.scopes)],
        };
      },
      signal,
    );
    if (problem !== null) throw new GoogleProblem(problem);
    return token;
  }

  return async (person, refused) => {
    const found = await accounts.find(person);
    if (found.kind !== "found" || found.account.isRevoked) throw new GoogleProblem(RECONNECT);
    if (isGood(found.account, refused)) return found.account.accessToken;
    const running =
      refreshing.get(person) ?? refresh(person, refused).finally(() => refreshing.delete(person));
    refreshing.set(person, running);
    return running;
  };
}
