import type { RawCall } from "../calls.ts";
import type { WireToolDelta } from "./wire.ts";

/** Puts tool calls together from their pieces, in the order in which they began. */
export interface ToolDeltas {
  readonly add: (delta: WireToolDelta) => void;
  readonly calls: () => readonly RawCall[];
}

interface Piece {
  id: string;
  name: string;
  arguments: string;
}

export function createToolDeltas(): ToolDeltas {
  const pieces: Piece[] = [];
  const byIndex = new Map<number, Piece>();

  function pieceOf({ index, id, function: called }: WireToolDelta): Piece {
    const open = index === null || index === undefined ? pieces.at(-1) : byIndex.get(index);
    // Gemini's compatible interface gives every call of a message the index 0, or none, and an id of its own.
    const isNew = id && called?.name && open?.id && id !== open.id;
    if (open && !isNew) return open;
    const begun = { id: "", name: "", arguments: "" };
    pieces.push(begun);
    if (index !== null && index !== undefined) byIndex.set(index, begun);
    return begun;
  }

  return {
    add(delta) {
      const piece = pieceOf(delta);
      // Names and ids come late, or again in every delta; the first of each is the one.
      piece.id ||= delta.id ?? "";
      piece.name ||= delta.function?.name ?? "";
      piece.arguments += toText(delta.function?.arguments);
    },
    calls: () => pieces,
  };
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
