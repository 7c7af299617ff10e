import {
  InsecureTokenEndpointError,
  IssuerMismatchError,
  OAuthError,
  OAuthErrorCode,
} from "@modelcontextprotocol/client";
import type { Clock } from "../../core/clock.ts";
import { McpProblem } from "../../core/mcp-control.ts";
import type { McpOwner, McpServer } from "../../core/mcp.ts";
import type { SafeFetch } from "../../core/net.ts";
import type { FoundRecord, SealedRecords } from "../../core/sealed-records.ts";
import { createAsk } from "./ask.ts";
import type { Challenge } from "./challenge.ts";
import { enteredClient } from "./clients.ts";
import { discover } from "./discover.ts";
import { credentialsName, type Clients, type Credentials } from "./kept.ts";
import { MAX_STEP_UPS, STEP_MS, STEP_UP_WINDOW_MS } from "./limits.ts";
import { SignInProblem, wordsOf } from "./problem.ts";
import { renewToken } from "./redeem.ts";

export interface TokensDeps {
  readonly credentials: SealedRecords<Credentials>;
  readonly clients: SealedRecords<Clients>;
  /** The way out for what a server names: an operator's server may be within his own network, and nobody else's. */
  readonly fetchFor: (server: McpServer) => SafeFetch;
  readonly clock: Clock;
}

/** A token that the server did not take, and what it said. */
export interface Refused {
  readonly token: string | null;
  readonly challenge: Challenge;
}

export interface Tokens {
  /** A token that the server should take now. Throws McpProblem when somebody has to sign in. */
  readonly token: (server: McpServer, holder: McpOwner, refused: Refused | null) => Promise<string>;
  /** The server wants more than was agreed to: whoever it belongs to has to sign in again. */
  readonly wantMore: (
    server: McpServer,
    holder: McpOwner,
    scopes: readonly string[],
  ) => Promise<void>;
}

/** However many ask at once, and in however many processes: a token is renewed once, ahead of its end. */
export function createTokens({ credentials, clients, fetchFor, clock }: TokensDeps): Tokens {
  const renewing = new Map<string, Promise<string>>();
  const now = () => clock.now();

  const isGood = ({ accessToken, renewAt }: Credentials, refused: Refused | null): boolean =>
    accessToken !== refused?.token && (renewAt === null || renewAt > now().getTime());

  async function renew(
    server: McpServer,
    holder: McpOwner,
    refused: Refused | null,
  ): Promise<string> {
    const signal = AbortSignal.timeout(STEP_MS);
    const end = { token: "", problem: null as string | null };
    await credentials.change(
      holder,
      credentialsName(server),
      async (found) => {
        const had = usable(found, server);
        if (typeof had === "string") {
          end.problem = had;
          return "same";
        }
        end.token = had.accessToken;
        // Another process was quicker.
        if (isGood(had, refused)) return "same";
        const renewed = await tryRenewal(server, had, refused, signal);
        end.token = renewed.credentials.accessToken;
        end.problem = renewed.problem;
        return renewed.credentials;
      },
      signal,
    );
    if (end.problem !== null) throw new McpProblem("needs-sign-in", end.problem);
    return end.token;
  }

  async function tryRenewal(
    server: McpServer,
    had: Credentials,
    refused: Refused | null,
    signal: AbortSignal,
  ): Promise<{ readonly credentials: Credentials; readonly problem: string | null }> {
    const { refreshToken } = had;
    if (refreshToken === null) return over(had, NOT_TAKEN);
    const ask = createAsk(fetchFor(server), signal);
    try {
      const resourceMetadataUrl = refused?.challenge.resourceMetadataUrl ?? had.resourceMetadataUrl;
      const found = await discover(ask, had.serverUrl, { resourceMetadataUrl });
      // What it said before and does not say now is missing for a while, and no other sign-in server.
      if (had.resource !== null && found.resource === null) throw new SignInProblem(SILENT);
      if (had.issuer !== null && found.issuer !== had.issuer) return over(had, MOVED);
      const client = had.client ?? (await enteredClient(clients, server, found.issuer));
      if (client === null) return over(had, NOT_TAKEN);
      const renewed = await renewToken(ask, found, { ...had, refreshToken, client }, now());
      return { credentials: { ...renewed, issuer: found.issuer }, problem: null };
    } catch (error) {
      signal.throwIfAborted();
      if (isFinal(error)) return over(had, NOT_TAKEN);
      // The sign-in server may be away for a minute: what is kept stays, and is good until its end.
      if (refused === null && (had.expiresAt ?? Infinity) > now().getTime())
        return { credentials: had, problem: null };
      return { credentials: had, problem: `I could not renew the sign-in. ${wordsOf(error)}` };
    }
  }

  return {
    async token(server, holder, refused) {
      const found = usable(await credentials.find(holder, credentialsName(server)), server);
      if (typeof found === "string") throw new McpProblem("needs-sign-in", found);
      if (isGood(found, refused)) return found.accessToken;
      const key = `${server.id} ${JSON.stringify(holder)}`;
      const running =
        renewing.get(key) ??
        renew(server, holder, refused).finally(() => void renewing.delete(key));
      renewing.set(key, running);
      return running;
    },

    wantMore: (server, holder, scopes) =>
      credentials.change(
        holder,
        credentialsName(server),
        async (found) => {
          const had = usable(found, server);
          if (typeof had === "string") return "same";
          const stepUps = [...recentStepUps(had, now()), now().getTime()];
          const wanted = [...new Set([...had.wanted, ...scopes])];
          const isNew = scopes.some((scope) => !had.scopes.includes(scope));
          const again = isNew && stepUps.length <= MAX_STEP_UPS ? WANTS_MORE : INSATIABLE;
          return { ...had, stepUps: stepUps.slice(-MAX_STEP_UPS - 1), wanted, again };
        },
        AbortSignal.timeout(STEP_MS),
      ),
  };
}

export const recentStepUps = ({ stepUps }: Credentials, now: Date): readonly number[] =>
  stepUps.filter((at) => at > now.getTime() - STEP_UP_WINDOW_MS);

/** Asked again and again, or for what it was given already: signing in once more would change nothing for an hour. */
export const isInsatiable = (had: Credentials, now: Date): boolean =>
  had.again === INSATIABLE && recentStepUps(had, now).length > 0;

/** In words why not, when it cannot be used. */
export function usable(
  found: FoundRecord<Credentials>,
  { launch }: Pick<McpServer, "launch">,
): Credentials | string {
  if (found.kind === "nothing") return NOBODY;
  if (found.kind === "locked") return LOCKED;
  const { serverUrl, again } = found.record;
  if (launch.kind !== "http" || launch.url !== serverUrl) return ELSEWHERE;
  return again ?? found.record;
}

const over = (had: Credentials, problem: string) => ({
  credentials: { ...had, again: problem },
  problem,
});

/** The refresh token is worth nothing any more, or what is said of signing in is not to be trusted. */
const isFinal = (error: unknown): boolean =>
  error instanceof OAuthError
    ? FINAL_CODES.has(String(error.code))
    : error instanceof IssuerMismatchError || error instanceof InsecureTokenEndpointError;

/** RFC 6749 5.2. Others, such as a server_error, go by. */
const FINAL_CODES: ReadonlySet<string> = new Set([
  OAuthErrorCode.InvalidGrant,
  OAuthErrorCode.InvalidClient,
  OAuthErrorCode.UnauthorizedClient,
  OAuthErrorCode.UnsupportedGrantType,
  OAuthErrorCode.InvalidScope,
]);

const NOBODY = "Nobody has signed in yet.";
const LOCKED =
  "The sign-in cannot be opened: the key that sealed it is not here. Sign in again, or give Clara that key.";
const ELSEWHERE = "The server's address has changed since the sign-in, so its token is not sent.";
const NOT_TAKEN = "The server no longer takes the sign-in: it ran out, or was taken back.";
const SILENT = "The server does not say right now who signs people in.";
const MOVED = "The server names another sign-in server than before, so nothing was sent there.";
const WANTS_MORE = "The server wants more rights for this than were agreed to.";
export const INSATIABLE =
  "The server keeps asking for more rights, however often it is given them. Ask its makers.";
