import { timingSafeEqual } from "node:crypto";
import type { McpSignInEnd, McpSignInFor } from "../../core/mcp-sign-in.ts";
import type { BegunSignIn } from "../../core/mcp-sign-ins.ts";
import type { McpOwner, McpServer, McpServers } from "../../core/mcp.ts";
import type { SignInAnswer } from "../../core/sign-in.ts";
import { createAsk } from "./ask.ts";
import { begunSchema, credentialsName, type Begun } from "./kept.ts";
import { readPasted } from "./pasted.ts";
import { wordsOf } from "./problem.ts";
import { checkIssuer, redeemCode } from "./redeem.ts";
import { recentStepUps } from "./tokens.ts";
import type { StartDeps } from "./start.ts";
import { hashOf, isTheirs } from "./ways.ts";

export interface FinishDeps extends StartDeps {
  readonly servers: Pick<McpServers, "byId">;
  /** A holder has something new to sign with, or nothing any more: connections begin anew. */
  readonly onChange: (server: McpServer, holder: McpOwner) => Promise<void>;
}

/** The end of a sign-in: once, by whoever began it. */
export function createFinish(deps: FinishDeps) {
  const { signIns, servers, credentials, clock, fetchFor } = deps;

  /** A browser came back by itself. */
  async function inBrowser(
    back: { readonly state: string; readonly key: string; readonly answer: SignInAnswer },
    signal: AbortSignal,
  ): Promise<McpSignInEnd> {
    const stateHash = hashOf(back.state);
    const looked = await signIns.look(stateHash, clock.now());
    // It was begun without the window: the browser that comes here by chance ends nothing.
    if (looked && readBegun(looked).way === "paste") return { kind: "paste" };
    const finished = await signIns.finish(stateHash, clock.now());
    if (finished.kind !== "finished") return { kind: finished.kind };
    const { challenge } = readBegun(finished.begun);
    if (challenge === null || !isSame(challenge, hashOf(back.key)))
      return { kind: "other-browser" };
    return end(finished.begun, back.answer, signal);
  }

  /** A person pasted what the browser showed. */
  async function pasted(
    asked: McpSignInFor,
    text: string,
    signal: AbortSignal,
  ): Promise<McpSignInEnd> {
    if (!isTheirs(asked)) return { kind: "not-yours" };
    const read = readPasted(text);
    if (read === null) return { kind: "failed", says: NO_CODE };
    const own = await signIns.of(asked.scope, asked.server.id);
    if (own === null) return { kind: "unknown" };
    if (read.state !== null && !isSame(own.stateHash, hashOf(read.state)))
      return { kind: "failed", says: OTHER_ADDRESS };
    const finished = await signIns.finish(own.stateHash, clock.now());
    if (finished.kind !== "finished") return { kind: finished.kind };
    return end(finished.begun, read.answer, signal);
  }

  async function end(
    begunSignIn: BegunSignIn,
    answer: SignInAnswer,
    signal: AbortSignal,
  ): Promise<McpSignInEnd> {
    const begun = readBegun(begunSignIn);
    const server = await servers.byId(begunSignIn.serverId);
    if (server?.launch.kind !== "http" || server.launch.url !== begun.serverUrl)
      return { kind: "failed", says: CHANGED };
    try {
      checkIssuer(begun, answer);
      if (answer.kind === "error") return refusal(answer.error);
      const got = await redeemCode(createAsk(fetchFor(server), signal), begun, answer, clock.now());
      const { holder, startedBy: person } = begunSignIn;
      await credentials.change(
        holder,
        credentialsName(server),
        async (found) => {
          const had = found.kind === "found" ? found.record : null;
          return { ...got, stepUps: had ? [...recentStepUps(had, clock.now())] : [] };
        },
        signal,
      );
      await deps.onChange(server, holder);
      return { kind: "signed-in", person, serverName: server.displayName, scopes: got.scopes };
    } catch (error) {
      signal.throwIfAborted();
      return { kind: "failed", says: wordsOf(error) };
    }
  }

  return { inBrowser, pasted };
}

export const readBegun = ({ kept }: Pick<BegunSignIn, "kept">): Begun =>
  begunSchema.parse(JSON.parse(kept));

const refusal = (error: string): McpSignInEnd =>
  error === "access_denied"
    ? { kind: "declined" }
    : {
        kind: "failed",
        says: `The sign-in server said no (${error.replace(/[^A-Za-z_]/g, "").slice(0, 40)}).`,
      };

const isSame = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

const NO_CODE =
  "That is no address with a code in it. Copy the whole address line of the browser, as it is after you agreed.";
const OTHER_ADDRESS =
  "That address belongs to another sign-in. Use the newest link, and copy where the browser ends.";
const CHANGED = "The server was changed or removed meanwhile. Begin again.";
