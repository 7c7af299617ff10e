import { isBlank, piecesOf } from "./render-characters.ts";
import type { Fence } from "./render-fence.ts";
import { closed, closesFence, codeToDiscord, openingFence } from "./render-fence.ts";
import { lineUnit, startOfLine, wordUnits } from "./render-lines.ts";
import type { TableHead } from "./render-table.ts";
import { cellsOf, isRow, tableHead } from "./render-table.ts";
import type { Carry, Unit } from "./render-unit.ts";
import { AT_START, lineAt, MAX_UNIT, PIECE, RANK } from "./render-unit.ts";

/** Reads Markdown as models write it into units that Discord can show. Their lengths add up to the text's. */
export function toUnits(text: string, before: Carry): readonly Unit[] {
  const units: Unit[] = [];
  let carry = before;
  for (let at = 0; at < text.length;) {
    for (const unit of unitsAt(text, at, carry)) {
      units.push(unit);
      at += unit.length;
      carry = unit.after;
    }
  }
  return units;
}

/**
 * The units at the very end of an answer. A small line below code that was broken off ("-# Stopped.") is the house's own
 * and ends the code.
 */
export function withSmallLineOutside(units: readonly Unit[]): readonly Unit[] {
  const last = units.at(-1);
  const fence = last?.after.fence;
  if (!fence || last?.kind !== "code" || !last.shown.startsWith("-# ")) return units;
  const end = { length: 0, rank: RANK.line, after: AT_START };
  return [
    ...units.slice(0, -1),
    { ...end, kind: "fence-close", shown: `${closed(fence)}\n` },
    { ...end, kind: "text", shown: last.shown, length: last.length },
  ];
}

function unitsAt(text: string, at: number, { fence, table, line }: Carry): readonly Unit[] {
  if (fence) return codeUnits(text, at, fence, line !== null);
  if (line) return wordUnits(text, at, line);
  const unit =
    (table && rowUnit(text, at, table)) ??
    fenceUnit(text, at) ??
    headUnit(text, at) ??
    lineUnit(text, at) ??
    startOfLine(text, at);
  return unit ? [unit] : wordUnits(text, at, { prefix: "", spans: [] });
}

function codeUnits(text: string, at: number, fence: Fence, isMidLine: boolean): readonly Unit[] {
  const line = lineAt(text, at);
  const { length } = line;
  if (!isMidLine && closesFence(line, fence)) {
    const shown = line.replace(fence.marker[0] === "~" ? /~+/ : /`+/, "```");
    return [{ kind: "fence-close", shown, length, rank: RANK.line, after: AT_START }];
  }
  const isLastLine = closesFence(lineAt(text, at + length), fence);
  const rank = isLastLine ? RANK.awkward : isBlank(line) ? RANK.stanza : RANK.sentence;
  const pieces = length > MAX_UNIT ? piecesOf(line, PIECE) : [line];
  return pieces.map((piece) => {
    const isEnd = piece.endsWith("\n");
    return {
      kind: "code",
      shown: codeToDiscord(piece),
      length: piece.length,
      rank: isEnd ? rank : RANK.glued,
      after: { fence, table: null, line: isEnd ? null : { prefix: fence.quote, spans: [] } },
    };
  });
}

function rowUnit(text: string, at: number, table: TableHead): Unit | null {
  const line = lineAt(text, at);
  if (!isRow(line)) return null;
  const rank = isRow(lineAt(text, at + line.length)) ? RANK.sentence : RANK.line;
  const after = { ...AT_START, table };
  return { kind: "row", row: cellsOf(line), length: line.length, rank, after };
}

function fenceUnit(text: string, at: number): Unit | null {
  const line = lineAt(text, at);
  const opening = openingFence(line);
  if (!opening) return null;
  const after = { ...AT_START, fence: opening.fence };
  const { length } = line;
  return { kind: "fence-open", shown: opening.shown, length, rank: RANK.awkward, after };
}

function headUnit(text: string, at: number): Unit | null {
  const line = lineAt(text, at);
  const delimiter = lineAt(text, at + line.length);
  const head = tableHead(line, delimiter);
  if (!head) return null;
  const length = line.length + delimiter.length;
  const after = { ...AT_START, table: head };
  return { kind: "table-head", head, length, rank: RANK.awkward, after };
}
