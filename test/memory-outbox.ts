import type { Outbox } from "../src/core/stores.ts";
import type { OutboxPart } from "../src/core/turn.ts";

export interface MemoryOutbox extends Outbox {
  readonly rows: Map<number, OutboxPart>;
  /** Makes all rows look this old, as after a long outage. */
  readonly age: (ageMs: number) => void;
}

/** The outbox of one turn in memory, for tests of what is built on the port. The real one is in src/store. */
export function createMemoryOutbox(): MemoryOutbox {
  const rows = new Map<number, OutboxPart>();
  const update = (part: number, change: Partial<OutboxPart>) => {
    const row = rows.get(part);
    if (row) rows.set(part, { ...row, ...change });
  };
  return {
    rows,
    age(ageMs) {
      for (const part of rows.keys()) update(part, { ageMs });
    },
    async open({ turnId }, part, content) {
      const fresh = { turnId, part, nonce: `nonce-${part}`, file: null, messageId: null, ageMs: 0 };
      const row: OutboxPart = { ...fresh, ...rows.get(part), content, state: "open" };
      rows.set(part, row);
      return row;
    },
    async plan({ turnId }, parts) {
      for (const [part, { content, file, files }] of parts.entries()) {
        const known = rows.get(part);
        rows.set(part, {
          turnId,
          part,
          nonce: `nonce-${part}`,
          messageId: known?.messageId ?? null,
          ageMs: known?.ageMs ?? 0,
          content,
          file,
          ...(files ? { files } : {}),
          state: "planned",
        });
      }
      for (const part of rows.keys()) if (part >= parts.length) update(part, { state: "surplus" });
      return [...rows.values()].toSorted((a, b) => a.part - b.part);
    },
    async sent(_turnId, part, messageId) {
      update(part, { messageId });
      return true;
    },
    async settle(_lease, part, state, messageId) {
      update(part, { state, messageId: messageId ?? rows.get(part)?.messageId ?? null });
    },
  };
}
