import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import { Failure, isPassing, toFailure } from "../failure.ts";
import type { Redactor } from "../redact.ts";
import { createSingleFlight } from "../single-flight.ts";
import type { TenantId } from "../tenant.ts";
import { secretsOf, type HeldTokens, type Tokens, type TokenStore } from "./token-store.ts";

/** A refresh is never cut off by whoever asked: its answer may hold the only token that still works. */
const REFRESH_MS = 30_000;
/** Somebody else's refresh is waited for so long; who takes longer has died. */
const LEASE_MS = REFRESH_MS + 10_000;
const LEASE_LOOK_MS = 100;
const MAX_ROUNDS = 1_000;
/** How long tokens are believed to be as they were read. */
const BELIEVED_MS = 60_000;
const MAX_KNOWN = 10_000;
const SAVE_TRIES = 3;
/** Of tokens that were set aside: which ones they came in place of. */
const REPLACES = "replaces";

export interface TokenKeeperDeps {
  readonly store: TokenStore;
  /** Holds what could not be saved, so that it outlives a crash. */
  readonly spill: TokenStore;
  /** False for what can only be used as it is, such as a personal token. */
  readonly isRenewable: (tokens: Tokens) => boolean;
  /** Signs in anew; `secrets` of the answer are kept as they are. Throws Failure when it is refused. */
  readonly refresh: (tokens: Tokens, tenant: TenantId, signal: AbortSignal) => Promise<Tokens>;
  /** Tokens that end within that time are renewed first. */
  readonly earlyMs: number;
  readonly clock: Clock;
  readonly createId: () => string;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
  readonly redact: Redactor;
}

export interface TokenKeeper {
  /** Tokens with an access token that works for a while. Fails for a tenant who has none: there is no other's to take. */
  readonly tokensOf: (tenant: TenantId, signal: AbortSignal) => Promise<Tokens>;
  /** What the tenant signs in with, as it is: for a name and a password that go with each request. Fails as above. */
  readonly credentialsOf: (tenant: TenantId, signal: AbortSignal) => Promise<Tokens>;
  /** The upstream refused this access token. True when there is another one now. */
  readonly refused: (
    tenant: TenantId,
    accessToken: string,
    signal: AbortSignal,
  ) => Promise<boolean>;
}

export function createTokenKeeper(deps: TokenKeeperDeps): TokenKeeper {
  const { store, spill, clock, log } = deps;
  const flights = createSingleFlight();
  const known = new Map<TenantId, { readonly tokens: Tokens; readonly at: number }>();

  const now = (): number => clock.now().getTime();
  const remember = (tenant: TenantId, tokens: Tokens): Tokens => {
    deps.redact.learn(secretsOf(tokens));
    known.delete(tenant);
    known.set(tenant, { tokens, at: now() });
    const oldest = known.keys().next();
    if (known.size > MAX_KNOWN && !oldest.done) known.delete(oldest.value);
    return tokens;
  };
  const isUsable = ({ accessToken, expiresAt }: Tokens, refused: string | null): boolean =>
    accessToken !== null && accessToken !== refused && (expiresAt === null || expiresAt > now());
  const isGood = (tokens: Tokens, refused: string | null): boolean =>
    isUsable(tokens, refused) &&
    (tokens.expiresAt === null || tokens.expiresAt - deps.earlyMs > now());

  /** What was saved aside goes to the store first, unless somebody has put other tokens there since. */
  async function read(tenant: TenantId, signal: AbortSignal): Promise<HeldTokens | null> {
    const aside = await spill.read(tenant, signal);
    const held = await store.read(tenant, signal);
    if (aside === null) return held;
    const { [REPLACES]: replaced, ...secrets } = aside.tokens.secrets;
    const isNewer = held === null || fingerprint(held.tokens) === replaced;
    const tokens = { ...aside.tokens, secrets };
    if (isNewer && !(await store.write(tenant, tokens, held?.version ?? null, signal))) return held;
    await spill.remove(tenant, signal);
    log.info({ isNewer }, "tokens-saved-late");
    return store.read(tenant, signal);
  }

  async function renewed(tenant: TenantId, refused: string | null): Promise<Tokens> {
    const signal = AbortSignal.timeout(LEASE_MS * 2);
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const held = await read(tenant, signal);
      if (held === null) throw noCredentials();
      remember(tenant, held.tokens);
      if (isGood(held.tokens, refused)) return held.tokens;
      if (!deps.isRenewable(held.tokens)) throw notRenewable();
      const { lease } = held.tokens;
      if (lease !== null && lease.until > now()) {
        await deps.pause(LEASE_LOOK_MS, signal);
        continue;
      }
      const own = { id: deps.createId(), until: now() + LEASE_MS };
      const isOurs = await store.write(
        tenant,
        { ...held.tokens, lease: own },
        held.version,
        signal,
      );
      if (isOurs) return refreshUnder(own.id, tenant, held.tokens, refused);
    }
    throw busy();
  }

  async function refreshUnder(
    lease: string,
    tenant: TenantId,
    old: Tokens,
    refused: string | null,
  ): Promise<Tokens> {
    const fresh = await deps
      .refresh(old, tenant, AbortSignal.timeout(REFRESH_MS))
      .catch((thrown: unknown) => toFailure(thrown));
    if (fresh instanceof Failure) {
      log.warn({ code: fresh.code }, "tokens-not-renewed");
      await save(lease, tenant, { ...old, lease: null });
      // Renewed early, they still hold for a while: the sign-in may work again by then.
      if (isPassing(fresh) && isUsable(old, refused)) return remember(tenant, old);
      throw fresh;
    }
    const tokens = { ...fresh, secrets: { ...old.secrets, ...fresh.secrets }, lease: null };
    remember(tenant, tokens);
    if (!(await save(lease, tenant, tokens))) await setAside(tenant, tokens, old);
    log.info({}, "tokens-renewed");
    return tokens;
  }

  async function setAside(tenant: TenantId, tokens: Tokens, old: Tokens): Promise<void> {
    const signal = AbortSignal.timeout(LEASE_MS);
    const aside = await spill.read(tenant, signal);
    const secrets = { ...tokens.secrets, [REPLACES]: fingerprint(old) };
    await spill.write(tenant, { ...tokens, secrets }, aside?.version ?? null, signal);
    log.error({}, "tokens-saved-aside");
  }

  /** False when the store did not take them. */
  async function save(lease: string, tenant: TenantId, tokens: Tokens): Promise<boolean> {
    const signal = AbortSignal.timeout(LEASE_MS);
    for (let attempt = 0; attempt < SAVE_TRIES; attempt += 1)
      try {
        const held = await store.read(tenant, signal);
        // Somebody put other tokens there meanwhile, or took the lease over: theirs stay.
        if (held !== null && held.tokens.lease?.id !== lease) return true;
        if (await store.write(tenant, tokens, held?.version ?? null, signal)) return true;
      } catch (error) {
        log.warn({ attempt, code: toFailure(error).code }, "tokens-not-saved");
      }
    return false;
  }

  const get = async (tenant: TenantId, refused: string | null, signal: AbortSignal) =>
    flights.run(`${tenant} ${refused ?? ""}`, signal, () => renewed(tenant, refused));

  return {
    async tokensOf(tenant, signal) {
      const found = known.get(tenant);
      const isBelieved = found !== undefined && now() - found.at < BELIEVED_MS;
      if (isBelieved && isGood(found.tokens, null)) return found.tokens;
      return get(tenant, null, signal);
    },
    async credentialsOf(tenant, signal) {
      const found = known.get(tenant);
      if (found !== undefined && now() - found.at < BELIEVED_MS) return found.tokens;
      return flights.run(`${tenant} credentials`, signal, async (inner) => {
        const held = await read(tenant, inner).catch((thrown: unknown) => toFailure(thrown));
        if (held === null) throw noCredentials();
        if (!(held instanceof Failure)) return remember(tenant, held.tokens);
        // While the store is away, what it had is believed a while longer.
        if (found !== undefined && isPassing(held)) return remember(tenant, found.tokens);
        throw held;
      });
    },
    async refused(tenant, accessToken, signal) {
      const fresh = await get(tenant, accessToken, signal);
      return fresh.accessToken !== accessToken;
    },
  };
}

const fingerprint = ({ refreshToken, secrets, accessToken }: Tokens): string =>
  createHash("sha256")
    .update(JSON.stringify([refreshToken, refreshToken === null ? [accessToken, secrets] : null]))
    .digest("hex")
    .slice(0, 16);

const noCredentials = (): Failure =>
  new Failure("NO_CREDENTIALS", "There are no credentials for this account.", {
    hint: "Whoever runs the server has to connect it first. Trying again will not help.",
  });

const notRenewable = (): Failure =>
  new Failure("AUTH_INVALID", "The service does not accept the credentials any more.", {
    hint: "Whoever runs the server has to put new ones. Trying again will not help.",
  });

const busy = (): Failure =>
  new Failure("UPSTREAM_UNAVAILABLE", "Signing in takes too long: somebody else is at it.", {
    retryAfterMs: 5_000,
  });
