/** Characters that take two columns. Rather too many: a row that is too short does no harm, one too long does. */
const WIDE =
  /[\u{1100}-\u{115f}\u{2e80}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{1f000}-\u{3fffd}]|\p{Extended_Pictographic}/u;
const PLAIN = /^[ -~]*$/;

const graphemes = new Intl.Segmenter();

/** The rows that one line takes, broken between words where it can be. At least one row, none wider than `columns`. */
export function wrap(line: string, columns: number): readonly string[] {
  const rows: string[] = [];
  let row = "";
  let width = 0;
  const add = (piece: string, pieceWidth: number) => {
    row += piece;
    width += pieceWidth;
  };
  const breakRow = () => {
    rows.push(row);
    row = "";
    width = 0;
  };

  for (const piece of line.match(/\s+|\S+/g) ?? []) {
    const pieceWidth = widthOf(piece);
    const fits = width + pieceWidth <= columns;
    if (fits) add(piece, pieceWidth);
    else if (piece.trim() === "") breakRow();
    else {
      if (width > 0 && row.trim() !== "") breakRow();
      for (const { segment } of graphemes.segment(piece)) {
        const segmentWidth = widthOf(segment);
        if (width + segmentWidth > columns) breakRow();
        add(segment, segmentWidth);
      }
    }
  }
  return [...rows, row];
}

function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}
