/** How long a person has to answer; the call that needs it waits. */
export const WAIT_MS = 3 * 60_000;
/** How often an answer is looked for. */
export const LOOK_EVERY_MS = 700;
/** Pages that one call may want to be opened before it is made. */
export const MAX_PAGES = 3;
/** What Discord's form has room for. */
export const MAX_FIELDS = 5;
export const MAX_CHOICES = 25;
export const MAX_MESSAGE_CHARS = 1_500;
export const MAX_LABEL_CHARS = 45;
export const MAX_VALUE_CHARS = 4_000;
export const MAX_URL_CHARS = 2_000;
/** Of what a server wants a model to read. */
export const MAX_SAMPLING_CHARS = 20_000;
