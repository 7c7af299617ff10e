interface Account {
  readonly folder: string;
  readonly user: string;
  readonly password: string;
}

export interface Tokens {
  /** Answers the form of a sign-in; null when it is refused. */
  readonly grant: (form: URLSearchParams) => object | null;
  readonly folderOf: (accessToken: string) => string | null;
  /** As when they end before their time. */
  readonly endAll: () => void;
  /** From now on nobody signs in. */
  readonly refuseAll: () => void;
  readonly grants: () => readonly string[];
}

/** The sign-in of the JSON services: refresh tokens are good once. */
export function createTokens(accounts: readonly Account[]): Tokens {
  const access = new Map<string, Account>();
  const refresh = new Map<string, Account>();
  const grants: string[] = [];
  let made = 0;
  let isClosed = false;

  const issue = (account: Account) => {
    made += 1;
    const [access_token, refresh_token] = [
      `access-token-${made}-0123456789`,
      `refresh-token-${made}-0123456789`,
    ];
    access.set(access_token, account);
    refresh.set(refresh_token, account);
    return { access_token, refresh_token, expires_in: 3600, token_type: "Bearer" };
  };
  return {
    grant(form) {
      const kind = form.get("grant_type") ?? "";
      grants.push(kind);
      if (isClosed || form.get("client_id") !== "CegidRetailResourceFlowClient") return null;
      if (kind === "refresh_token") {
        const token = form.get("refresh_token") ?? "";
        const account = refresh.get(token);
        refresh.delete(token);
        return account ? issue(account) : null;
      }
      const found = accounts.find(
        ({ folder, user, password }) =>
          form.get("username") === `${user}@${folder}` && form.get("password") === password,
      );
      return found && kind === "password" ? issue(found) : null;
    },
    folderOf: (token) => access.get(token)?.folder ?? null,
    endAll: () => access.clear(),
    refuseAll: () => {
      isClosed = true;
    },
    grants: () => grants,
  };
}
