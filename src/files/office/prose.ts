/** More than any model reads; a text that goes on is cut there. */
const MAX_CHARS = 3_000_000;

export interface Prose {
  readonly add: (words: string) => void;
  /** Ends a paragraph: what was added since the last one. `prefix`: "# " for headings, "- " for lists. */
  readonly paragraph: (prefix: string) => void;
  readonly openCell: () => void;
  readonly closeCell: () => void;
  readonly closeRow: () => void;
  readonly toText: () => string;
}

/** Paragraphs and tables of a document as they come, in something like Markdown. */
export function createProse(): Prose {
  const lines: string[] = [];
  let chars = 0;
  let current = "";
  let row: string[] = [];
  /** A table within a cell is only words of that cell. */
  let depth = 0;
  let cell: string[] = [];
  const push = (line: string) => {
    if (chars < MAX_CHARS) lines.push(line);
    chars += line.length + 1;
  };
  return {
    add(words) {
      if (current.length < MAX_CHARS) current += words;
    },
    paragraph(prefix) {
      const words = current.trimEnd();
      current = "";
      if (words.trim() === "") return;
      if (depth > 0) cell.push(words);
      else push(prefix + words);
    },
    openCell() {
      depth++;
      if (depth === 1) cell = [];
    },
    closeCell() {
      if (depth === 1) row.push(cell.join(" / ").replaceAll("|", String.raw`\|`));
      depth = Math.max(depth - 1, 0);
    },
    closeRow() {
      if (depth > 0) return;
      if (row.some((each) => each !== "")) push(`| ${row.join(" | ")} |`);
      row = [];
    },
    toText: () => lines.join("\n"),
  };
}
