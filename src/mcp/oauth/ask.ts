import { toNetRequest, toResponse, type Fetch } from "../../core/net-fetch.ts";
import type { SafeFetch } from "../../core/net.ts";
import { ASK_MS, MAX_ANSWER_BYTES } from "./limits.ts";
import { SignInProblem } from "./problem.ts";

/**
 * What the protocol's library takes for fetch: the house's one way out, so that no server can have us ask an address
 * within our own networks. Throws SignInProblem when there is no answer.
 */
export const createAsk =
  (fetch: SafeFetch, signal: AbortSignal): Fetch =>
  async (input, init) => {
    const answer = await fetch({
      ...(await toNetRequest(input, init)),
      onBehalfOf: null,
      maxBytes: MAX_ANSWER_BYTES,
      maxMs: ASK_MS,
      signal,
    });
    if (answer.kind === "failure") throw new SignInProblem(answer.says);
    return toResponse(answer);
  };
