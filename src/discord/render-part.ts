import { isBlank } from "./render-characters.ts";
import { closed, reopened } from "./render-fence.ts";
import type { Row, TableHead } from "./render-table.ts";
import { showTable } from "./render-table.ts";
import type { Carry, Unit } from "./render-unit.ts";

/** A part that would be emptier than this is not worth a better place to cut. */
const LEAST_FILL = 1 / 3;

interface Grid {
  readonly head: TableHead;
  readonly rows: Row[];
  /** Its head was shown in the part before, too. */
  readonly isCarried: boolean;
}

/** The words of one message: what the part before left open is opened again, what this one leaves open is closed. */
export function compose(units: readonly Unit[], { fence, table, line }: Carry): string {
  const prefix = line?.prefix ?? "";
  let shown = fence ? "" : prefix;
  // Shown with the first code that is not blank: of an empty block Discord would show the bare marks.
  let opening = fence ? reopened(fence) + prefix : null;
  let grid: Grid | null = table && { head: table, rows: [], isCarried: true };
  const endTable = () => {
    if (grid && !(grid.isCarried && grid.rows.length === 0))
      shown += showTable(grid.head, grid.rows);
    grid = null;
  };

  for (const unit of units) {
    if (unit.kind !== "row") endTable();
    switch (unit.kind) {
      case "text":
        shown += unit.shown;
        break;
      case "fence-open":
        opening = unit.shown;
        break;
      case "code":
        if (opening !== null && isBlank(unit.shown)) opening += unit.shown;
        else {
          shown += (opening ?? "") + unit.shown;
          opening = null;
        }
        break;
      case "fence-close":
        if (opening === null) shown += unit.shown;
        opening = null;
        break;
      case "table-head":
        grid = { head: unit.head, rows: [], isCarried: false };
        break;
      case "row":
        grid?.rows.push(unit.row);
        break;
    }
  }
  endTable();
  const left = units.at(-1)?.after.fence;
  if (left && opening === null) shown = `${shown.trimEnd()}\n${closed(left)}`;
  return shown.trim();
}

/** How many of the units fit into one message. */
export function countFitting(units: readonly Unit[], before: Carry, limit: number): number {
  // Not every unit makes the message longer (a table may turn into a list), but what is found does fit.
  const fits = (count: number) => compose(units.slice(0, count), before).length <= limit;
  if (fits(units.length)) return units.length;
  let low = 1;
  let high = units.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The units up to the best place to cut that leaves a message of at most `limit` well filled. Never empty. */
export function cut(units: readonly Unit[], before: Carry, limit: number): readonly Unit[] {
  const count = countFitting(units, before, limit);
  const least = lengthOf(units.slice(0, count)) * LEAST_FILL;
  let best = count;
  let length = 0;
  for (const [index, unit] of units.slice(0, count).entries()) {
    length += unit.length;
    if (length >= least && unit.rank >= (units[best - 1]?.rank ?? 0)) best = index + 1;
  }
  return units.slice(0, best);
}

/** In the answer's own text. */
export const lengthOf = (units: readonly Unit[]): number =>
  units.reduce((sum, { length }) => sum + length, 0);
