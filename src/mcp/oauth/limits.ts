/** RFC 6749 wants codes to be short-lived; so is the way to one. */
export const LINK_LIFE_MS = 10 * 60_000;
/** Of one question to a sign-in server. */
export const ASK_MS = 15_000;
export const MAX_ANSWER_BYTES = 256 * 1024;
/** Of a whole step with all its questions; a person or a call waits for it. */
export const STEP_MS = 60_000;
/** A token that runs out within this is renewed first; of short-lived ones, when half their life is over. */
export const EARLY_MS = 60_000;
/** Times within an hour that a server may ask for more than was agreed to. */
export const MAX_STEP_UPS = 3;
export const STEP_UP_WINDOW_MS = 3_600_000;
/** Clients of ours that are kept for one server: one for each sign-in server it ever named. */
export const MAX_CLIENTS = 8;
/** Of a token or code; a header has to hold it. */
export const MAX_TOKEN_CHARS = 16_384;
export const MAX_SCOPES = 100;
