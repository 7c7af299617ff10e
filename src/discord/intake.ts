import { queued } from "../agent/words.ts";
import type { Fault } from "../core/fault.ts";
import type { Log } from "../core/log.ts";
import type { Tier } from "../core/model.ts";
import type { Outlet } from "../core/outlet.ts";
import type { Hearing, Inbox, Outbox } from "../core/stores.ts";
import type { OutboxPart, Trigger } from "../core/turn.ts";
import { asError } from "../lib/as-error.ts";
import type { Seen } from "./look.ts";
import type { Patience } from "./patience.ts";
import type { Preface } from "./preface.ts";
import type { Refusals } from "./refusals.ts";
import type { StopPhrase } from "./stop.ts";
import type { TellFull } from "./tell-full.ts";

/** The notice is worth nothing later: the answer itself is near. */
const NOTICE_WITHIN_MS = 10_000;

/** With more turns ahead nothing is said: each notice takes the place of an answer in the channel's rate limit. */
const MAX_NOTICED_AHEAD = 5;

export type ReadTier = (text: string) => { readonly tier: Tier | null; readonly text: string };

export interface IntakeDeps {
  readonly inbox: Pick<Inbox, "accept" | "hear">;
  readonly outbox: Pick<Outbox, "sent">;
  readonly outlet: Pick<Outlet, "send" | "remove">;
  readonly patience: Patience;
  readonly preface: Preface;
  readonly refusals: Pick<Refusals, "note">;
  readonly stop: StopPhrase;
  /** Open turns of one person; what he asks beyond them is heard, and gets no answer. */
  readonly maxOpen: number;
  readonly tellFull: TellFull;
  readonly readTier: ReadTier;
  readonly fault: Fault;
  readonly log: Log;
}

export interface Intake {
  /** Does with messages of one channel what the gate said, in their order. Throws when the store is away. */
  readonly take: (seen: readonly Seen[], signal: AbortSignal) => Promise<void>;
  /** Resolves when no notice is under way. */
  readonly settle: () => Promise<void>;
}

export function createIntake(deps: IntakeDeps): Intake {
  const notices = new Set<Promise<void>>();

  async function hear(heard: Hearing[]): Promise<void> {
    const [first] = heard;
    if (!first) return;
    await deps.patience(`hear:${first.message.id}`, () => deps.inbox.hear(heard));
    heard.length = 0;
  }

  async function takeOne(seen: Seen, heard: Hearing[], signal: AbortSignal): Promise<void> {
    const { decision, arrival } = seen;
    if (decision.kind === "ignore") return;
    heard.push(...(await deps.preface.before(seen, signal)));
    if (decision.kind === "answer") {
      await hear(heard);
      await answer(seen, decision.trigger);
      return;
    }
    heard.push({ scope: arrival.scope, message: arrival.message });
    if (decision.kind === "hear") return;
    await hear(heard);
    await deps.stop(arrival, signal);
  }

  async function answer({ arrival: { scope, message } }: Seen, trigger: Trigger): Promise<void> {
    const { tier, text } = readQuestion(deps.readTier, message.text);
    const notice = trigger === "active" ? noNotice : noticeFor;
    const question = { ...message, text };
    const answering = { trigger, tier, maxOpen: deps.maxOpen };
    const accepted = await deps.patience(message.id, () =>
      deps.inbox.accept(scope, question, answering, notice),
    );
    if (accepted?.kind === "full") return tooMany(message);
    if (accepted?.kind !== "queued" || !accepted.notice) return;
    const sending = show(question, accepted.notice).finally(() => notices.delete(sending));
    notices.add(sending);
  }

  function tooMany(message: Hearing["message"]): void {
    deps.refusals.note(message, "too-many-open");
    deps.tellFull(message);
  }

  /** Should this fail, nothing is lost: the answer comes without a notice before it. */
  async function show(message: Hearing["message"], part: OutboxPart): Promise<void> {
    const outgoing = { ...part, replyTo: message.id, follows: null, running: true };
    try {
      const soon = AbortSignal.timeout(NOTICE_WITHIN_MS);
      const sent = await deps.outlet.send(message.conversation, outgoing, soon);
      if (sent.kind !== "sent") return;
      const isWanted = await deps.outbox.sent(part.turnId, part.part, sent.messageId);
      if (!isWanted) await deps.outlet.remove(message.conversation, sent.messageId, soon);
    } catch (error) {
      deps.log.debug({ turnId: part.turnId, error: asError(error) }, "notice-failed");
    }
  }

  return {
    async take(seen, signal) {
      const heard: Hearing[] = [];
      for (const one of seen) await takeOne(one, heard, signal);
      await hear(heard);
      for (const { arrival, decision } of seen)
        if (decision.kind === "hear" || decision.kind === "ignore")
          deps.refusals.note(arrival.message, decision.reason);
    },
    async settle() {
      await Promise.all(notices);
    },
  };
}

const noticeFor = (ahead: number): string | null =>
  ahead > MAX_NOTICED_AHEAD ? null : queued(ahead);

/** Messages of an active channel are answered together, so that a notice for each would be left over. */
const noNotice = (): null => null;

/** A message that is nothing but a prefix keeps it: a question has words. */
export function readQuestion(readTier: ReadTier, spoken: string): ReturnType<ReadTier> {
  const { tier, text } = readTier(spoken);
  return { tier, text: text.trim() === "" ? spoken : text };
}
