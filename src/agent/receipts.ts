import type { Conversation } from "../core/message.ts";
import type { Log } from "../core/log.ts";
import type { Platform } from "../core/principal.ts";
import type { DueReceipt, ReceiptCounts, ReceiptOutlet, Receipts } from "../core/receipts.ts";
import type { Resolved } from "../core/settings.ts";
import { asError } from "../lib/as-error.ts";
import { createClockwork, type Clockwork } from "./clockwork.ts";
import { offersAfter } from "./offers.ts";
import type { OwnSettings } from "./own-settings.ts";

export interface ReceiptDeps {
  readonly receipts: Pick<Receipts, "due" | "settle">;
  /** A place without one shows none. */
  readonly outlets: ReadonlyMap<Platform, ReceiptOutlet>;
  readonly ownSettings: Pick<OwnSettings, "of">;
  readonly now: () => Date;
  readonly log: Log;
}

/**
 * Tells below an answer what was learnt from its question. The row stands first, then the message is changed, then the
 * row is settled: whatever is killed in between, the message is changed to the same once more.
 */
export function createReceiptClock(deps: ReceiptDeps): Clockwork {
  return createClockwork("receipts", deps, {
    async doDue(limit, signal) {
      const due = await deps.receipts.due(limit);
      let shown = 0;
      for (const receipt of due) {
        try {
          await showOne(deps, receipt, signal);
          shown++;
        } catch (error) {
          signal.throwIfAborted();
          // The next look tries again; others do not wait for this one.
          deps.log.warn({ turnId: receipt.turnId, error: asError(error) }, "receipt-not-shown");
        }
      }
      return shown;
    },
    nextDue: async () => null,
  });
}

async function showOne(deps: ReceiptDeps, receipt: DueReceipt, signal: AbortSignal): Promise<void> {
  const { turnId, place, messageId, scope, counts, detail, isLast } = receipt;
  const label = receiptLabel(counts);
  const outlet = deps.outlets.get(place.platform);
  if (label !== null && outlet) {
    const own = await deps.ownSettings.of(scope, place);
    // The message is changed as a whole: what was switched off must not come back with it.
    const offers = isLast && own.answerButtons ? offersAfter(detail) : [];
    const canUndo = counts.added + counts.changed > 0;
    if (isWanted(own, place))
      await outlet.show({ turnId, place, messageId, offers, label, canUndo }, signal);
  }
  await deps.receipts.settle(receipt);
}

/** Others read along in a server, so there the person has to want it. */
const isWanted = ({ receipts }: Resolved, { guildId }: Conversation): boolean =>
  receipts ?? guildId === null;

/** For example "1 new, 1 changed"; null when nothing is left to tell of. */
export function receiptLabel({ added, changed, withheld }: ReceiptCounts): string | null {
  const parts = [
    ...(added > 0 ? [`${added} new`] : []),
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(withheld > 0 ? [`${withheld} not kept`] : []),
  ];
  return parts.length === 0 ? null : parts.join(", ");
}
