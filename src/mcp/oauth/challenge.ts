import { extractWWWAuthenticateParams } from "@modelcontextprotocol/client";
import type { Fetch } from "../../core/net-fetch.ts";
import { SignInProblem } from "./problem.ts";

/** What a server says to whoever comes without a token, or with too little of one. */
export interface Challenge {
  readonly resourceMetadataUrl: string | null;
  readonly scopes: readonly string[];
  /** False when it did not answer as a whole: then what it did not say, nobody knows. */
  readonly isAnswered: boolean;
}

export const NO_CHALLENGE: Challenge = {
  resourceMetadataUrl: null,
  scopes: [],
  isAnswered: true,
};

/** Asks the server without any token. What it says decides where people are sent, and is checked there. */
export async function askForChallenge(
  ask: Fetch,
  serverUrl: string,
  headers: Readonly<Record<string, string>>,
): Promise<Challenge> {
  const response = await askQuietly(ask, serverUrl, {
    method: "POST",
    headers: {
      ...headers,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }),
  });
  if (response === null) return { ...NO_CHALLENGE, isAnswered: false };
  return response.status === 401 ? toChallenge(response) : NO_CHALLENGE;
}

/** null when there is no whole answer: one that takes everybody may begin a stream that does not end. */
async function askQuietly(ask: Fetch, url: string, init: RequestInit): Promise<Response | null> {
  try {
    return await ask(url, init);
  } catch (error) {
    if (error instanceof SignInProblem) return null;
    throw error;
  }
}

/** Of a 401 or 403. */
export function toChallenge(response: Response): Challenge {
  const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(response);
  return {
    resourceMetadataUrl: resourceMetadataUrl?.href ?? null,
    scopes: toScopes(scope),
    isAnswered: true,
  };
}

export const toScopes = (scope: string | undefined | null): readonly string[] =>
  (scope ?? "").split(" ").filter((each) => each !== "");
