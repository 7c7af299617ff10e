import { createProse } from "./prose.ts";
import { refuse } from "./refuse.ts";
import { readXml } from "./xml.ts";
import { openZip } from "./zip.ts";

/** What stands in a document and is not read by its readers: deleted words, codes of fields, older forms of pictures. */
const UNREAD: ReadonlySet<string> = new Set(["del", "delText", "instrText", "Fallback"]);

/** Beside the text itself, in this order. */
const BESIDE = [
  ["word/footnotes.xml", "footnotes"],
  ["word/endnotes.xml", "endnotes"],
  ["word/comments.xml", "comments"],
] as const;

/** The words of a document: headings, lists and tables as such; then its notes and comments. */
export function readDocx(bytes: Uint8Array): string {
  const zip = openZip(bytes);
  const main = zip.read("word/document.xml") ?? refuse("it holds no document");
  const beside = BESIDE.flatMap(([path, title]) => {
    const part = zip.read(path);
    const words = part && readPart(part);
    return words ? [`[${title}]\n${words}`] : [];
  });
  return [readPart(main), ...beside].join("\n\n");
}

function readPart(part: Uint8Array): string {
  const prose = createProse();
  let unread = 0;
  let isText = false;
  let prefix = "";
  readXml(part, {
    open(name, { val = "" }) {
      if (UNREAD.has(name)) unread++;
      if (unread > 0) return;
      if (name === "t") isText = true;
      if (name === "tab") prose.add("\t");
      if (name === "br" || name === "cr") prose.add("\n");
      if (name === "noBreakHyphen") prose.add("-");
      if (name === "p") prefix = "";
      if (name === "pStyle") prefix = headingOf(val) ?? prefix;
      if (name === "numPr" && prefix === "") prefix = "- ";
      if (name === "tc") prose.openCell();
    },
    text(words) {
      if (isText && unread === 0) prose.add(words);
    },
    close(name) {
      if (UNREAD.has(name)) unread--;
      if (unread > 0) return;
      if (name === "t") isText = false;
      if (name === "p") prose.paragraph(prefix);
      if (name === "tc") prose.closeCell();
      if (name === "tr") prose.closeRow();
    },
  });
  return prose.toText();
}

/** Word's own names for its headings are the same in every language, but for some older files. */
function headingOf(style: string): string | null {
  if (/^title$/i.test(style)) return "# ";
  const level = /^(?:heading|berschrift|titre|ttulo|titolo|kop)\s?([1-6])$/i.exec(style)?.[1];
  return level === undefined ? null : `${"#".repeat(Number(level))} `;
}
