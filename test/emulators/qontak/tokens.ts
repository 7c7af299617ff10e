import type { Crm } from "../../../src/servers/qontak/demo/crm.ts";

/** One company at the emulated Qontak, and the ways into it. */
export interface Account {
  readonly crm: Crm;
  readonly username: string;
  readonly password: string;
  /** For Mekari's gateway. */
  readonly hmac: { readonly username: string; readonly secret: string };
  /** The refresh token that works now: each use makes another one. */
  refreshToken: string;
}

export interface Granted {
  readonly accessToken: string;
  readonly refreshToken: string;
}

export interface OAuthTokens {
  /** The account behind an access token; null when it is not known, or has ended. */
  readonly find: (accessToken: string) => Account | null;
  /** By a refresh token, which is used up by it. */
  readonly refresh: (refreshToken: string) => Granted | null;
  readonly signIn: (username: string, password: string) => Granted | null;
  /** Ends all access tokens. */
  readonly endAll: () => void;
  /** Attempts of both kinds that went well. */
  readonly grants: () => number;
  /** Attempts with a refresh token that was used before. */
  readonly replays: () => number;
}

/** OAuth of the emulated Qontak: access tokens end, refresh tokens work once. */
export function createOAuthTokens(
  accounts: readonly Account[],
  now: () => number,
  lifeMs: number,
): OAuthTokens {
  const given = new Map<string, { readonly account: Account; readonly endsAt: number }>();
  let grants = 0;
  let replays = 0;
  const give = (account: Account): Granted => {
    grants += 1;
    const accessToken = `qontak-access-${grants}-${account.username}-0123456789`;
    given.set(accessToken, { account, endsAt: now() + lifeMs });
    account.refreshToken = `qontak-refresh-${grants}-${account.username}-0123456789`;
    return { accessToken, refreshToken: account.refreshToken };
  };
  return {
    find(accessToken) {
      const found = given.get(accessToken);
      return found && found.endsAt > now() ? found.account : null;
    },
    refresh(refreshToken) {
      const account = accounts.find((each) => each.refreshToken === refreshToken);
      if (account) return give(account);
      replays += 1;
      return null;
    },
    signIn(username, password) {
      const account = accounts.find(
        (each) => each.username === username && each.password === password,
      );
      return account ? give(account) : null;
    },
    endAll: () => given.clear(),
    grants: () => grants,
    replays: () => replays,
  };
}
