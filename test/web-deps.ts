import { messageId, turnIdOf, type MessageId, type TurnId } from "../src/core/ids.ts";
import { createLocalOutlet } from "../src/core/local-outlet.ts";
import { silentLog } from "../src/core/log.ts";
import type { IncomingMessage, TranscriptMessage } from "../src/core/message.ts";
import type { Scope } from "../src/core/principal.ts";
import type { Answering } from "../src/core/stores.ts";
import { parseTierPrefix } from "../src/llm/tier-prefix.ts";
import type { WebDeps, WebOptions } from "../src/web/index.ts";

export const webOptions: WebOptions = {
  host: "127.0.0.1",
  port: 0,
  playground: true,
  botName: "Clara",
  version: "1.2.3",
};

export interface RecordingWebDeps extends WebDeps {
  readonly accepted: { scope: Scope; message: IncomingMessage; answering: Answering }[];
  readonly revised: { scope: Scope; id: MessageId; text: string }[];
  readonly forgotten: MessageId[];
  readonly stopped: { scope: Scope; id: TurnId; reason: string }[];
  readonly pokes: () => number;
}

/** What the window needs, keeping what it was asked. `history` is what the transcript holds. */
export function recordingWebDeps(history: readonly TranscriptMessage[] = []): RecordingWebDeps {
  const kept = { accepted: [], revised: [], forgotten: [], stopped: [] } as Pick<
    RecordingWebDeps,
    "accepted" | "revised" | "forgotten" | "stopped"
  >;
  let ids = 0;
  let pokes = 0;
  return {
    ...kept,
    inbox: {
      async accept(scope, message, answering) {
        kept.accepted.push({ scope, message, answering });
        return { kind: "queued", turnId: turnIdOf(message.id), ahead: 0, notice: null };
      },
      async revise(scope, id, text) {
        kept.revised.push({ scope, id, text });
        return { kind: "again", turnId: turnIdOf(id) };
      },
      async forget(gone) {
        kept.forgotten.push(...gone);
        return gone.map(turnIdOf);
      },
    },
    turns: {
      async cancel(scope, id, reason) {
        kept.stopped.push({ scope, id, reason });
        return id === turnIdOf(messageId("web:1"));
      },
    },
    approvals: { decide: async () => ({ kind: "unknown" }) },
    explanations: { explainTurns: async () => [] },
    transcript: { recent: async () => history },
    local: createLocalOutlet(),
    log: silentLog,
    clock: { now: () => new Date("2026-11-25T12:00:00Z"), elapsedMs: () => 0 },
    createId: () => String(++ids),
    readTier: parseTierPrefix,
    poke: () => void pokes++,
    pokes: () => pokes,
    health: async () => ({
      status: "ok",
      isReady: true,
      isDemo: true,
      rooms: [{ name: "discord", isOn: false, isWell: true, says: "no token", advice: "set it" }],
    }),
    metrics: async () => "clara_up 1\n",
  };
}
