import {
  ProtocolError,
  ProtocolErrorCode,
  type Client,
  type ClientCapabilities,
} from "@modelcontextprotocol/client";
import type { ToolContext } from "../../core/tool.ts";
import type { AskingConnection, ConnectionFor, ServerQuestions } from "../auth.ts";
import { toQuestion, toResult } from "./elicit.ts";
import { MAX_PAGES } from "./limits.ts";
import { plainLine } from "./plain-line.ts";
import { sample, type SamplingDeps } from "./sample.ts";

export interface ServerQuestionsDeps extends SamplingDeps {
  /** The folder on this machine that is the person's own, for programs that run here; null where there is none. */
  readonly workspaceOf:
    | ((context: ToolContext) => Promise<{ readonly uri: string; readonly name: string } | null>)
    | null;
}

/**
 * What servers ask back: a form or a page for the person whose call they work on, an answer of a model, and the folder
 * they may work in. A question that belongs to no call, or to calls of several people, is declined.
 */
export function createServerQuestions(deps: ServerQuestionsDeps): ServerQuestions {
  const hasRoots = ({ server }: ConnectionFor): boolean =>
    deps.workspaceOf !== null && server.launch.kind === "stdio";
  return {
    capabilities: (connection): ClientCapabilities => ({
      elicitation: { form: { applyDefaults: true }, url: {} },
      sampling: {},
      ...(hasRoots(connection) && { roots: {} }),
    }),

    answer(client: Client, connection: AskingConnection) {
      /** While it is asked, the server's time stands still. */
      const held = async <Result>(work: () => Promise<Result>): Promise<Result> => {
        const goOn = connection.hold();
        try {
          return await work();
        } finally {
          goOn();
        }
      };
      const name = plainLine(connection.server.displayName, 60);
      client.setRequestHandler("elicitation/create", async (request, { mcpReq: { signal } }) => {
        const context = callerOf(connection);
        const question = context && toQuestion(name, request);
        if (!context || !question) return { action: "decline" };
        return toResult(question, await held(() => deps.ask(context, question, signal)));
      });
      client.setRequestHandler(
        "sampling/createMessage",
        async (request, { mcpReq: { signal } }) => {
          const context = callerOf(connection);
          if (!context)
            throw new ProtocolError(
              ProtocolErrorCode.InvalidRequest,
              "That belongs to no call of one person.",
            );
          return held(() => sample(deps, name, request, context, signal));
        },
      );
      if (hasRoots(connection))
        client.setRequestHandler("roots/list", async () => {
          const context = callerOf(connection);
          const root = context && (await deps.workspaceOf?.(context));
          return { roots: root ? [root] : [] };
        });
    },

    async visit({ server }, pages, context) {
      if (pages.length === 0 || pages.length > MAX_PAGES) return false;
      const name = plainLine(server.displayName, 60);
      for (const page of pages) {
        const question = toQuestion(name, { params: { ...page, mode: "url" } });
        if (question === null) return false;
        const answer = await deps.ask(context, question, context.signal);
        if (answer.kind !== "accepted") return false;
      }
      return true;
    },
  };
}

/** The newest call, when all that run are one person's in one place; null otherwise. */
function callerOf({ calls }: AskingConnection): ToolContext | null {
  const running = calls();
  const newest = running.at(-1);
  const isOne = running.every(
    ({ scope, conversationId }) =>
      scope.principal.userId === newest?.scope.principal.userId &&
      conversationId === newest.conversationId,
  );
  return newest && isOne ? newest : null;
}
