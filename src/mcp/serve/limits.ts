/** Of a request. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** Files that a tool's answer carries, and bytes of each. */
export const MAX_FILES = 10;
export const MAX_FILE_BYTES = 8 * 1024 * 1024;
/** How long a question to Clara may take; then it is stopped. */
export const ASK_MS = 10 * 60_000;
/** How often it is looked whether she has answered. */
export const LOOK_EVERY_MS = 400;
/** What runs when we are told to stop gets that long. */
export const GRACE_MS = 5_000;
/** How long a caller may take to send its request. */
export const REQUEST_MS = 30_000;
