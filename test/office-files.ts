/** Documents for tests, written by hand as the programs of people write them. */
import { strToU8, zipSync, type Zippable } from "fflate";

export const zip = (files: Readonly<Record<string, string | Uint8Array>>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [
        name,
        typeof content === "string" ? strToU8(content) : content,
      ]),
    ) satisfies Zippable,
  );

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

/** `body`: the elements within `<w:body>`. */
export const docx = (
  body: string,
  parts: Readonly<Record<string, string>> = {},
  doctype = "",
): Uint8Array =>
  zip({
    "word/document.xml": `<?xml version="1.0"?>${doctype}<w:document ${W}><w:body>${body}</w:body></w:document>`,
    ...parts,
  });

export const paragraph = (words: string, style = ""): string =>
  `<w:p>${style === "" ? "" : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`}<w:r><w:t>${words}</w:t></w:r></w:p>`;

interface SheetParts {
  readonly name: string;
  /** The elements within `<worksheet>`. */
  readonly xml: string;
  readonly state?: string;
}

/** `formats`: of the styles 1, 2, 3, ... of cells; style 0 has none. */
export function xlsx(
  sheets: readonly SheetParts[],
  { formats = [] as readonly string[], strings = [] as readonly string[] } = {},
): Uint8Array {
  const files: Record<string, string> = {};
  for (const [index, { xml }] of sheets.entries())
    files[`xl/worksheets/sheet${index + 1}.xml`] = `<worksheet>${xml}</worksheet>`;
  const named = sheets.map(
    ({ name, state }, index) =>
      `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"${state ? ` state="${state}"` : ""}/>`,
  );
  const related = sheets.map(
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  const codes = formats.map(
    (code, index) => `<numFmt numFmtId="${164 + index}" formatCode="${code}"/>`,
  );
  const styles = ["general", ...formats].map(
    (_, index) => `<xf numFmtId="${index === 0 ? 0 : 163 + index}"/>`,
  );
  return zip({
    "xl/workbook.xml": `<workbook><sheets>${named.join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships>${related.join("")}</Relationships>`,
    "xl/styles.xml": `<styleSheet><numFmts>${codes.join("")}</numFmts><cellXfs>${styles.join("")}</cellXfs></styleSheet>`,
    "xl/sharedStrings.xml": `<sst>${strings.map((words) => `<si><t>${words}</t></si>`).join("")}</sst>`,
    ...files,
  });
}

/** Rows of words: the first has the number `from`. */
export const rowsOf = (rows: readonly (readonly string[])[], from = 1): string =>
  `<sheetData>${rows
    .map(
      (cells, index) =>
        `<row r="${from + index}">${cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join("")}</row>`,
    )
    .join("")}</sheetData>`;

const ODF = [
  'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"',
  'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"',
  'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"',
  'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"',
].join(" ");

/** An .odt or .ods; `body`: the elements within `<office:body>`. */
export const openDocument = (body: string, styles = ""): Uint8Array =>
  zip({
    "content.xml": `<office:document-content ${ODF}><office:automatic-styles>${styles}</office:automatic-styles><office:body>${body}</office:body></office:document-content>`,
  });
