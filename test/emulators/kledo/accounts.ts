import type { Books } from "../../../src/servers/kledo/demo/books.ts";

/** One company at the emulated Kledo, and the ways into it. */
export interface Account {
  readonly books: Books;
  readonly personalToken: string;
  readonly email: string;
  readonly password: string;
  /** The refresh token that works now: each use makes another one. */
  refreshToken: string;
  /** What the browser brings back from the page of Kledo; good for one use. */
  code: string | null;
}

export interface AccessTokens {
  /** The account behind a token; null when it is not known, or has ended. */
  readonly find: (token: string) => Account | null;
  /** By address and password; null when they do not fit. */
  readonly signIn: (email: string, password: string) => string | null;
  /** By a code, or by a refresh token, either of which is used up. */
  readonly refresh: (
    codeOrToken: string,
  ) => { readonly accessToken: string; readonly refreshToken: string } | null;
  /** Ends all that were got by signing in. */
  readonly endAll: () => void;
  readonly signIns: () => number;
  readonly refreshes: () => number;
}

/** Tokens of the emulated Kledo, with their life times. */
export function createAccessTokens(
  accounts: readonly Account[],
  now: () => number,
  lifeMs: number,
): AccessTokens {
  const given = new Map<string, { readonly account: Account; readonly endsAt: number }>();
  let signIns = 0;
  let refreshes = 0;
  let count = 0;
  const give = (account: Account): string => {
    count += 1;
    const token = `access-${count}-${account.email}-0123456789`;
    given.set(token, { account, endsAt: now() + lifeMs });
    return token;
  };
  return {
    find(token) {
      const personal = accounts.find(({ personalToken }) => personalToken === token);
      const found = given.get(token);
      return personal ?? (found && found.endsAt > now() ? found.account : null);
    },
    signIn(email, password) {
      const account = accounts.find((each) => each.email === email && each.password === password);
      if (account === undefined) return null;
      signIns += 1;
      return give(account);
    },
    refresh(codeOrToken) {
      const account = accounts.find(
        ({ refreshToken, code }) => refreshToken === codeOrToken || code === codeOrToken,
      );
      if (account === undefined) return null;
      if (account.code === codeOrToken) account.code = null;
      refreshes += 1;
      account.refreshToken = `refresh-${refreshes}-${account.email}-0123456789`;
      return { accessToken: give(account), refreshToken: account.refreshToken };
    },
    endAll: () => given.clear(),
    signIns: () => signIns,
    refreshes: () => refreshes,
  };
}
