import { Failure, type FailureCode } from "../failure.ts";
import type { UpstreamReply } from "./reply.ts";

/** What is wrong with an answer; null when nothing is. */
export type Judge = (reply: UpstreamReply) => Failure | null;

/** What a status says by itself. A server's own judge adds what its upstream says in words. */
export const judgeByStatus: Judge = ({ status }) => failureOfStatus(status, null);

/** `words` are the upstream's own, already fit to be shown; null for none. */
export function failureOfStatus(status: number, words: string | null): Failure | null {
  if (status >= 200 && status < 300) return null;
  const [code, what, hint] = MEANINGS.get(status) ?? general(status);
  return new Failure(code, words === null ? what : `${what} It says: ${words}`, { hint, status });
}

type Meaning = readonly [code: FailureCode, what: string, hint: string];

const LATER = "Nothing is wrong with the call. Try again later.";

const MEANINGS: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [400, ["UPSTREAM_REJECTED", "The service refuses the request.", "Check the arguments."]],
  [
    401,
    [
      "AUTH_INVALID",
      "The service does not accept the credentials.",
      "Whoever runs the server has to renew them. Trying again will not help.",
    ],
  ],
  [
    403,
    [
      "FORBIDDEN",
      "This account may not do that.",
      "The account needs a right for it, given by its administrator. Trying again will not help.",
    ],
  ],
  [404, ["NOT_FOUND", "There is no such thing.", "Look it up with a list or a search first."]],
  [408, ["UPSTREAM_TIMEOUT", "The service took too long.", LATER]],
  [409, ["CONFLICT", "It has changed meanwhile, or exists already.", "Read it again first."]],
  [410, ["NOT_FOUND", "It is there no more.", "Look it up with a list or a search first."]],
  [422, ["UPSTREAM_REJECTED", "The service refuses these values.", "Correct what it names."]],
  [429, ["RATE_LIMITED", "The service is asked too often.", LATER]],
]);

function general(status: number): Meaning {
  if (status >= 500)
    return ["UPSTREAM_UNAVAILABLE", `The service has trouble of its own (${status}).`, LATER];
  if (status >= 300 && status < 400)
    return [
      "UPSTREAM_REJECTED",
      `The service wants to send us elsewhere (${status}).`,
      "The address of the service in the settings is probably wrong.",
    ];
  return [
    "UPSTREAM_REJECTED",
    `The service refuses the request (${status}).`,
    "Check the arguments.",
  ];
}
