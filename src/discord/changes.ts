import type { Inbox } from "../core/stores.ts";
import { readQuestion, type ReadTier } from "./intake.ts";
import type { Seen } from "./look.ts";
import type { Patience } from "./patience.ts";
import type { Snowflake } from "./snowflake.ts";
import { toMessageId } from "./snowflake.ts";
import type { WireMessage } from "./wire.ts";

export interface Changes {
  /** New words of a message. What the gate would not let in changes nothing. */
  readonly revise: (seen: Seen) => Promise<void>;
  readonly forget: (ids: readonly Snowflake[]) => Promise<void>;
}

/** See docs/decisions/0004. Both throw when the store is away. */
export function createChanges(deps: {
  readonly inbox: Pick<Inbox, "revise" | "forget">;
  readonly patience: Patience;
  readonly readTier: ReadTier;
  readonly poke: () => void;
}): Changes {
  return {
    async revise({ arrival: { scope, message }, decision }) {
      if (decision.kind === "ignore") return;
      const { text } = readQuestion(deps.readTier, message.text);
      const revised = await deps.patience(`edit:${message.id}`, () =>
        deps.inbox.revise(scope, message.id, text),
      );
      if (revised?.kind === "again") deps.poke();
    },

    async forget(ids) {
      const stopping = await deps.patience(`delete:${ids[0]}`, () =>
        deps.inbox.forget(ids.map(toMessageId)),
      );
      if (stopping && stopping.length > 0) deps.poke();
    },
  };
}

/** Discord updates a message also when it shows a preview, or when it is pinned; only a person's edit leaves a time. */
export const isEdit = ({ edited_timestamp: editedAt }: WireMessage): boolean =>
  (editedAt ?? null) !== null;
