/** What a server may cost and give. Each bound has its name here. */

/** Of one message: a line of a program's, an event or a body of a server's on the web. */
export const MAX_MESSAGE_BYTES = 10 * 1024 * 1024;
/** Lines on a program's output that are no messages, since the last message. A program that logs there is broken. */
export const MAX_STRAY_LINES = 200;
/** Questions of ours that a program leaves without an answer; of more, the oldest is not waited for. */
export const MAX_UNANSWERED = 1_000;
/** Lines that are kept of what a server writes beside its messages, and characters of each. */
export const MAX_KEPT_LINES = 200;
export const MAX_LINE_CHARS = 500;

/** For everything that is asked of it besides calls. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** Of one call, however often it says that it goes on. */
export const MAX_CALL_MS = 10 * 60_000;
/** Rounds in which one call may ask for something. */
export const MAX_ROUNDS = 5;
/** Calls of one connection at a time. */
export const MAX_CALLS_AT_ONCE = 16;
/** No more often is it told how far a call has come. */
export const PROGRESS_EVERY_MS = 1_000;

export const MAX_PAGES = 20;
/** Tools of one server; more would fill every prompt. */
export const MAX_TOOLS = 200;
export const MAX_DESCRIPTION_CHARS = 20_000;
/** Characters of a description that a model is told. */
export const MAX_TOLD_CHARS = 2_000;
export const MAX_SCHEMA_BYTES = 64 * 1024;
export const MAX_SCHEMA_DEPTH = 32;
export const MAX_SCHEMA_NODES = 3_000;
/** Schemas that may have to be looked at for one value, when each is followed to where it leads. */
export const MAX_SCHEMAS_PER_VALUE = 200;
/** Values of a result that are checked against a schema. */
export const MAX_CHECKED_VALUES = 10_000;

export const MAX_RESULT_CHARS = 200_000;
export const MAX_RESULT_FILES = 10;
export const MAX_FILE_BYTES = 8 * 1024 * 1024;
/** Links of a result that are told, or may be opened. */
export const MAX_LINKS = 50;
/** Resources and prompts that are listed for a model. */
export const MAX_LISTED = 100;

/** Servers that are started at the same time. */
export const MAX_STARTS_AT_ONCE = 4;
/** A start that takes longer goes on, and the next one begins: the dead hold up nobody. */
export const START_PLACE_MS = 3_000;
/** Connections that are open at the same time. */
export const MAX_CONNECTIONS = 100;
/** Connections that are known, those that sleep among them. */
export const MAX_KEEPERS = 1_000;
/** After so many starts within an hour it is left alone until somebody wants it again. */
export const MAX_STARTS_PER_HOUR = 10;
export const HOUR_MS = 60 * 60_000;

/** After so many answers that did not come it is started anew. */
export const MAX_UNWELL = 3;

/** A program gets so long after the end of its input, and again after SIGTERM. */
export const CLOSE_GRACE_MS = 2_000;
export const TERM_GRACE_MS = 2_000;

/** A list that has changed is asked for after so long: most changes come in pairs. */
export const CHANGED_QUIET_MS = 300;
/** Before a stream of changes that was cut off is begun again; each further pause is twice as long. */
export const RELISTEN_MS = 2_000;
export const MAX_RELISTENS = 6;
/** A turn of somebody who has to sign in first asks again whether he has, no more often than this. */
export const STIR_EVERY_MS = 60_000;
/** How often the rows are looked at. */
export const LOOK_EVERY_MS = 1_500;

/** How long is waited for what. */
export interface Paces {
  /** Until a server has told what it can. */
  readonly startMs: number;
  /** The same where the program is fetched first, for example by npx. */
  readonly fetchMs: number;
  /** It is asked for the newest revision of the protocol so long before it is taken for an older one. */
  readonly probeMs: number;
  /** Before the second start; each further pause is twice as long, up to `maxRetryMs`. */
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
  /** Between two questions whether it is well. */
  readonly healthEveryMs: number;
  /** An answer to that which takes longer is slow; one that takes as long as `healthMs` is none. */
  readonly slowMs: number;
  readonly healthMs: number;
  /** Between two looks at the memory of its programs. */
  readonly memoryEveryMs: number;
  /** Between two times that its tools are asked for because it says that they have changed. */
  readonly relistEveryMs: number;
}

export const PACES: Paces = {
  startMs: 30_000,
  fetchMs: 5 * 60_000,
  probeMs: 10_000,
  firstRetryMs: 1_000,
  maxRetryMs: 60_000,
  healthEveryMs: 60_000,
  slowMs: 3_000,
  healthMs: 10_000,
  memoryEveryMs: 5_000,
  relistEveryMs: 5_000,
};
