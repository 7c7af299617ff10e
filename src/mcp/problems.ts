import {
  InsufficientScopeError,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  UnauthorizedError,
} from "@modelcontextprotocol/client";
import { McpProblem } from "../core/mcp-control.ts";
import { asError } from "../lib/as-error.ts";
import { cleanLine } from "./clean.ts";

const MAX_MESSAGE_CHARS = 500;

/** What went wrong with a server, in words for people and models. `fault`: why its connection ended, when it did. */
export function toProblem(error: unknown, fault: McpProblem | null): McpProblem {
  if (error instanceof McpProblem) return error;
  if (fault !== null && !(error instanceof UnauthorizedError)) return fault;
  if (error instanceof UnauthorizedError)
    return new McpProblem("needs-sign-in", "Somebody has to sign in to it first.", {
      cause: error,
    });
  if (error instanceof InsufficientScopeError)
    return new McpProblem("needs-sign-in", "It wants more rights than were agreed to.", {
      cause: error,
    });
  if (error instanceof SdkHttpError) return ofHttp(error);
  if (error instanceof SdkError) return ofLibrary(error);
  const words = cleanLine(asError(error).message, MAX_MESSAGE_CHARS);
  if (error instanceof ProtocolError)
    return new McpProblem("refused", `The server refused: ${words}`, { cause: error });
  return new McpProblem("cannot-start", words, { cause: error });
}

/** The session was given up by the server; a new one has to be begun. https://modelcontextprotocol.io/specification */
export const isSessionGone = (problem: McpProblem): boolean =>
  problem.cause instanceof SdkHttpError && problem.cause.status === 404;

function ofHttp(error: SdkHttpError): McpProblem {
  const { status } = error;
  const cause = { cause: error };
  if (status === 401 || status === 403)
    return new McpProblem(
      "needs-sign-in",
      `The server lets nobody in with what it was given (HTTP ${status}).`,
      cause,
    );
  return new McpProblem("cannot-start", `The server answered with HTTP ${status}.`, cause);
}

const LIBRARY: ReadonlyMap<SdkErrorCode, ConstructorParameters<typeof McpProblem>> = new Map([
  [SdkErrorCode.RequestTimeout, ["silent", "The server did not answer in time."]],
  [SdkErrorCode.ConnectionClosed, ["gone", "The connection to the server has ended."]],
  [SdkErrorCode.NotConnected, ["gone", "The connection to the server has ended."]],
  [
    SdkErrorCode.InputRequiredRoundsExceeded,
    ["broken", "The server asked for something again and again."],
  ],
  [SdkErrorCode.ListPaginationExceeded, ["broken", "The server's list does not end."]],
]);

function ofLibrary(error: SdkError): McpProblem {
  const words = cleanLine(error.message, MAX_MESSAGE_CHARS);
  const [kind, message] = LIBRARY.get(error.code) ?? [
    "broken" as const,
    `The server does not keep to the protocol: ${words}`,
  ];
  return new McpProblem(kind, message, { cause: error });
}
