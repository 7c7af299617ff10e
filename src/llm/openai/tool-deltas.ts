import type { RawCall } from "../calls.ts";
import type { WireToolDelta } from "./wire.ts";

/** A call from its pieces. `extra` is the provider's own and goes back unread. */
export interface PutTogether extends RawCall {
  readonly extra: unknown;
}

/** Puts tool calls together from their pieces, in the order in which they began. */
export interface ToolDeltas {
  readonly add: (delta: WireToolDelta) => void;
  readonly calls: () => readonly PutTogether[];
}

interface Piece {
  id: string;
  name: string;
  arguments: string;
  extra: unknown;
}

export function createToolDeltas(): ToolDeltas {
  const pieces: Piece[] = [];
  const byIndex = new Map<number, Piece>();

  function pieceOf(delta: WireToolDelta): Piece {
    const index = delta.index ?? null;
    const open = index === null ? pieces.at(-1) : byIndex.get(index);
    if (open && !isAnother(open, delta)) return open;
    const begun = { id: "", name: "", arguments: "", extra: null };
    pieces.push(begun);
    if (index !== null) byIndex.set(index, begun);
    return begun;
  }

  return {
    add(delta) {
      const piece = pieceOf(delta);
      // Names and ids come late, or again in every delta; the first of each is the one.
      piece.id ||= delta.id ?? "";
      piece.name ||= delta.function?.name ?? "";
      piece.arguments += toText(delta.function?.arguments);
      piece.extra ??= delta.extra_content;
    },
    calls: () => pieces,
  };
}

/** Gemini gives every call of a message the index 0, or none, and an id of its own; others give neither index nor id. */
function isAnother(open: Piece, { index, id, function: called }: WireToolDelta): boolean {
  if (!called?.name || !open.name) return false;
  if (id) return open.id !== "" && id !== open.id;
  return (index ?? null) === null && open.arguments !== "";
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
