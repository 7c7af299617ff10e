import type { McpRequestContext, ServerContext } from "@modelcontextprotocol/server";
import type { Logger } from "pino";
import type { Call } from "./call.ts";
import { toFailure, type Failure } from "./failure.ts";
import type { Metrics } from "./metrics.ts";
import type { Redactor } from "./redact.ts";
import { tenantOf, type Access } from "./tenant.ts";

/** In `_meta` of a request: whose account it is for, said by the host and unseen by the model. */
export const USER_META = "clara/user_id";

export interface CallDeps {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly redact: Redactor;
  /** Milliseconds that only go up. */
  readonly stopwatch: () => number;
  readonly isUserIdOffered: boolean;
  readonly accessOf: (context: McpRequestContext) => Access;
}

export interface CallPlace {
  readonly kind: "tool" | "resource" | "prompt";
  readonly name: string;
  readonly access: Access;
  readonly userId: string | undefined;
  readonly context: ServerContext;
}

/** Runs one call: for whom, with its figures and one line in the log. Throws Failure and nothing else. */
export async function runCall<Answer>(
  { log, metrics, stopwatch }: CallDeps,
  place: CallPlace,
  work: (call: Call) => Promise<Answer>,
): Promise<Answer> {
  const { kind, name } = place;
  const began = stopwatch();
  const end = (outcome: string): void => {
    metrics.count("calls", { kind, name, outcome });
    metrics.time("call", stopwatch() - began, { kind, name });
  };
  try {
    const answer = await work(toCall(place, log));
    end("ok");
    return answer;
  } catch (thrown) {
    const failure = toFailure(thrown);
    end(failure.code);
    note(log, place, failure);
    throw failure;
  }
}

function toCall({ access, userId, context, kind, name }: CallPlace, log: Logger): Call {
  const { mcpReq } = context;
  const told = mcpReq._meta?.[USER_META];
  const asked = typeof told === "string" ? told : userId;
  const token = mcpReq._meta?.progressToken;
  return {
    tenant: tenantOf(access, asked),
    signal: mcpReq.signal,
    log: log.child({ [kind]: name }),
    protocol: context,
    async progress(progress, total, words) {
      if (token === undefined) return;
      await mcpReq.notify({
        method: "notifications/progress",
        params: { progressToken: token, progress, total, ...(words ? { message: words } : {}) },
      });
    },
  };
}

function note(log: Logger, { kind, name }: CallPlace, failure: Failure): void {
  const fields = { kind, name, code: failure.code, status: failure.status };
  if (failure.code === "INTERNAL_ERROR")
    log.error({ ...fields, err: failure.cause }, "call-broken");
  else if (failure.code === "SCHEMA_MISMATCH")
    log.warn({ ...fields, err: failure.cause }, "call-failed");
  else log.info(fields, "call-failed");
}
