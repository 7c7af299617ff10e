import { z } from "zod";
import { GoogleProblem, RECONNECT } from "./problem.ts";

/** As the vendor's library throws it, whichever version: https://cloud.google.com/apis/design/errors */
const thrown = z.looseObject({
  response: z.looseObject({ status: z.number(), headers: z.unknown(), data: z.unknown() }),
});

const apiError = z.looseObject({
  error: z.looseObject({
    message: z.string().catch(""),
    status: z.string().nullish().catch(null),
    errors: z
      .array(z.looseObject({ reason: z.string().nullish().catch(null) }))
      .nullish()
      .catch(null),
    details: z
      .array(z.looseObject({ reason: z.string().nullish().catch(null) }))
      .nullish()
      .catch(null),
  }),
});

/** Google's reasons for "too many" that come as 403. https://developers.google.com/workspace/drive/api/guides/handle-errors */
const TOO_MANY = /^(?:rateLimitExceeded|userRateLimitExceeded|RATE_LIMIT_EXCEEDED)$/;
const QUOTA = /quota|dailyLimit|sharingRateLimit/i;
const SCOPE_MISSING = /insufficientPermissions|ACCESS_TOKEN_SCOPE_INSUFFICIENT/;
const NOT_SWITCHED_ON = /accessNotConfigured|SERVICE_DISABLED/;
const NOT_OURS = /appNotAuthorizedTo|insufficientFilePermissions/;

const MAX_REASON_CHARS = 200;

/** The reason words of an error body; empty for none. */
function reasonsOf(body: unknown): readonly string[] {
  const parsed = apiError.safeParse(body);
  if (!parsed.success) return [];
  const { errors, details } = parsed.data.error;
  return [...(errors ?? []), ...(details ?? [])].flatMap(({ reason }) => reason ?? []);
}

export const isTooMany = (status: number, body: unknown): boolean =>
  status === 429 || (status === 403 && reasonsOf(body).some((reason) => TOO_MANY.test(reason)));

/** What went wrong in a call, in words that say what to do. `isSafe`: it changed nothing. Rethrows what is no failure of Google's. */
export function toWords(error: unknown, isSafe: boolean): string {
  const problem = problemIn(error);
  if (problem) return problem.message;
  const parsed = thrown.safeParse(error);
  if (!parsed.success) throw error;
  const { status, headers, data } = parsed.data.response;
  if (isTooMany(status, data)) return tooMany(headers);
  if (status === 401) return RECONNECT;
  if (status === 403) return forbidden(reasonsOf(data));
  if (status === 404 || status === 410)
    return "Google has nothing there under that id, or this person may not see it. Look it up first, and give its exact id.";
  if (status >= 500)
    return `Google has trouble of its own (${status}). ${isSafe ? "Try again in some minutes." : MAYBE}`;
  return `Google did not take that (${status}): ${messageOf(data)}`;
}

/** For what was not safe to repeat. */
const MAYBE = "It may have happened all the same: look before doing it again.";

export const unanswered = (says: string, isSafe: boolean): string =>
  isSafe ? says : `${says} ${MAYBE}`;

/** The library wraps what its fetch throws. */
function problemIn(error: unknown): GoogleProblem | null {
  if (error instanceof GoogleProblem) return error;
  return error instanceof Error && error.cause !== undefined ? problemIn(error.cause) : null;
}

function tooMany(headers: unknown): string {
  const after = headers instanceof Headers ? Number(headers.get("retry-after")) : NaN;
  return `Google lets nobody ask that often. Try again in ${after > 0 ? `${after} s` : "a minute"}.`;
}

function forbidden(reasons: readonly string[]): string {
  const is = (pattern: RegExp) => reasons.some((reason) => pattern.test(reason));
  if (is(NOT_SWITCHED_ON))
    return "This API is not switched on in the operator's Google project. Whoever runs me has to enable it: docs/GOOGLE.md says how.";
  if (is(SCOPE_MISSING))
    return "That was not allowed when this person connected Google. Offer google_connect, and say that everything on Google's page has to be ticked.";
  if (is(NOT_OURS))
    return "Google lets me change and delete only files that I made myself; others I can read and copy. The person has to do this one in Google Drive.";
  if (is(QUOTA))
    return "A limit at Google is reached (space, or requests of today). The person can free space at Google, or try again tomorrow.";
  return "This person may not do that at Google: it belongs to somebody else, or was shared for reading only.";
}

const messageOf = (data: unknown): string => {
  const parsed = apiError.safeParse(data);
  const said = parsed.success ? parsed.data.error.message : "";
  return said === "" ? "it did not say why." : said.slice(0, MAX_REASON_CHARS);
};
