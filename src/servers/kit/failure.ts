/** What a model can act on. One word for one thing to do. */
export type FailureCode =
  | "AMBIGUOUS"
  | "AUTH_INVALID"
  | "CANCELLED"
  | "CONFLICT"
  | "FORBIDDEN"
  | "INTERNAL_ERROR"
  | "INVALID_ARGUMENT"
  | "INVALID_CURSOR"
  | "MISSING_REQUIRED_FIELDS"
  | "NOT_FOUND"
  | "NO_CREDENTIALS"
  | "RATE_LIMITED"
  | "SCHEMA_MISMATCH"
  | "UNSUPPORTED_OPERATION"
  | "UPSTREAM_REJECTED"
  | "UPSTREAM_RESPONSE_TOO_LARGE"
  | "UPSTREAM_TIMEOUT"
  | "UPSTREAM_UNAVAILABLE"
  | "WRITES_DISABLED";

export interface FailureOptions {
  /** What to do about it, in one sentence for the model. */
  readonly hint?: string;
  readonly retryAfterMs?: number;
  /** JSON, for programs: which fields are missing, which values would do. */
  readonly details?: unknown;
  /** The upstream's HTTP status, where there was one. */
  readonly status?: number;
  readonly cause?: unknown;
}

/** What a tool, a resource or a prompt throws when it cannot do what was asked. Its words reach the model. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: FailureCode;
  readonly hint: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly details: unknown;
  readonly status: number | undefined;

  constructor(code: FailureCode, message: string, options: FailureOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details;
    this.status = options.status;
  }
}

/** Another try later may help, without changing anything. */
export const isPassing = ({ code }: Failure): boolean => PASSING.has(code);

const PASSING: ReadonlySet<FailureCode> = new Set([
  "RATE_LIMITED",
  "UPSTREAM_TIMEOUT",
  "UPSTREAM_UNAVAILABLE",
]);

/** Whatever was thrown. A bug tells the model nothing but that it is one: its words may hold anything. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  if (thrown instanceof Error && thrown.name === "AbortError")
    return new Failure("CANCELLED", "The call was cancelled.", { cause: thrown });
  // A bound of our own, such as that of a sign-in: no bug.
  if (thrown instanceof Error && thrown.name === "TimeoutError")
    return new Failure("UPSTREAM_TIMEOUT", "It took too long.", {
      cause: thrown,
      hint: "Try again later.",
    });
  return new Failure("INTERNAL_ERROR", "Something went wrong within the server.", {
    cause: thrown,
    hint: "Trying the same again will not help. Whoever runs the server finds the reason in its log.",
  });
}
