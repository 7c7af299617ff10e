import { blanksOf, contentOf, UNREAD } from "./open-document.ts";
import { createProse } from "./prose.ts";
import { readXml } from "./xml.ts";

/** The words of an OpenDocument text: headings, lists and tables as such. */
export function readOdt(bytes: Uint8Array): string {
  const prose = createProse();
  let unread = 0;
  let paragraphs = 0;
  let lists = 0;
  readXml(contentOf(bytes), {
    open(name, attributes) {
      if (UNREAD.has(name)) unread++;
      if (unread > 0) return;
      if (isParagraph(name)) paragraphs++;
      if (name === "list") lists++;
      if (name === "table-cell") prose.openCell();
      prose.add(blanksOf(name, attributes));
    },
    text(text) {
      if (unread === 0 && paragraphs > 0) prose.add(text);
    },
    close(name) {
      if (UNREAD.has(name)) unread--;
      if (unread > 0) return;
      if (name === "list") lists--;
      if (isParagraph(name)) paragraphs--;
      if (isParagraph(name)) prose.paragraph(name === "h" ? "# " : lists > 0 ? "- " : "");
      if (name === "table-cell") prose.closeCell();
      if (name === "table-row") prose.closeRow();
    },
  });
  return prose.toText();
}

const isParagraph = (name: string): boolean => name === "p" || name === "h";
