/** Documents of people, and those that were made to hurt. The last tests read in the thread that hostile files get. */
import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { docx, openDocument, paragraph, rowsOf, xlsx, zip } from "../../test/office-files.ts";
import { readingLimits } from "../../test/reading-limits.ts";
import { silentLog } from "../core/log.ts";
import { readFormat, type OfficeFormat } from "./office/read-format.ts";
import { RefusedError } from "./office/refuse.ts";
import { createAttachmentReader } from "./read-attachments.ts";

const reader = createAttachmentReader({ log: silentLog }, readingLimits);

/** By the thread that a question takes. */
async function attached(name: string, bytes: Uint8Array | string, skip = 0): Promise<string> {
  const parts = await reader.read(
    { fetch: async () => ({ kind: "fetched", bytes: Buffer.from(bytes) }) },
    [{ id: name, name, contentType: null, sizeBytes: 100, url: "" }],
    new AbortController().signal,
    skip,
  );
  return parts.map((part) => (part.type === "text" ? part.text : "<image>")).join("\n");
}

/** The same without a thread, which takes a second to start on a busy machine. */
const read = (format: OfficeFormat, bytes: Uint8Array | string, skip = 0): Promise<string> =>
  readFormat({ format, bytes: Buffer.from(bytes), skip, maxChars: 90_000 });

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => [`name ${index + 1}`, String(index + 1)]);

test("a Word document gives its headings, lists, tables, notes and remarks, and not what was deleted", async () => {
  const body = [
    paragraph("Lease", "Heading1"),
    "<w:p><w:r><w:t>Rent is 900</w:t></w:r><w:del><w:r><w:delText>800</w:delText></w:r></w:del><w:ins><w:r><w:t> a month</w:t></w:r></w:ins></w:p>",
    "<w:p><w:r><w:fldChar/><w:instrText>HYPERLINK secret</w:instrText></w:r></w:p>",
    `<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>one</w:t><w:br/><w:t>more</w:t></w:r></w:p>`,
    `<w:tbl><w:tr><w:tc>${paragraph("a|b")}</w:tc><w:tc>${paragraph("c")}${paragraph("d")}</w:tc></w:tr></w:tbl>`,
  ].join("");
  const notes = `<w:footnotes xmlns:w="x">${paragraph("see page 2")}</w:footnotes>`;

  expect(await read("docx", docx(body, { "word/footnotes.xml": notes }))).toBe(
    [
      "# Lease",
      "Rent is 900 a month",
      "- one",
      "more",
      String.raw`| a\|b | c / d |`,
      "",
      "[footnotes]",
      "see page 2",
    ].join("\n"),
  );
});

test("a workbook gives its sheets with values as they are shown, dates right, and says what is hidden and merged", async () => {
  const cells = [
    '<row r="1"><c t="s"><v>0</v></c><c t="inlineStr"><is><t>When</t></is></c></row>',
    '<row r="2"><c r="A2" s="1"><v>0.125</v></c><c r="B2" s="2"><v>46053</v></c><c r="C2" s="3"><v>46351.604166666664</v></c></row>',
    '<row r="4"><c r="B4"><f>A2*2</f><v>0.30000000000000004</v></c><c r="C4" t="b"><v>1</v></c><c r="D4" t="e"><v>#N/A</v></c><c r="E4"><f>NOW()</f></c><c r="F4" s="4"><v>1.5</v></c></row>',
  ].join("");
  const book = xlsx(
    [
      {
        name: "Costs",
        xml: `<sheetData>${cells}</sheetData><mergeCells><mergeCell ref="A4:A6"/></mergeCells>`,
      },
      { name: "Old", xml: rowsOf([["x"]]), state: "veryHidden" },
    ],
    { formats: ["0.0%", "dd/mm/yyyy", "yyyy-mm-dd hh:mm", "[h]:mm"], strings: ["Na|me"] },
  );

  expect(await read("xlsx", book)).toBe(
    [
      "[sheet 1 of 2: Costs; rows 1-4 of 4; merged: A4:A6]",
      String.raw`1 | Na\|me | When`,
      "2 | 12.5% | 2026-01-31 | 2026-11-25 14:30:00",
      "4 |  | 0.3 | TRUE | #N/A | =NOW() | 36:00:00",
      "",
      "[sheet 2 of 2: Old; hidden in the program; rows 1-1 of 1]",
      "1 | x",
    ].join("\n"),
  );
});

test("a long table is shown by rows, and read on with its headings", async () => {
  const rows = numbered(1_200);
  const csv = ["Name;Number", ...rows.map((row) => row.join(";"))].join("\n");

  const first = await read("csv", csv);
  const then = await read("csv", csv, 1_199);
  const book = await read("xlsx", xlsx([{ name: "S", xml: rowsOf(rows) }]));
  const beyond = await read("csv", csv, 5_000);

  expect(first).toMatch(/^\[rows 1-500 of 1,201\]\n1 \| Name \| Number\n2 \| name 1 \| 1\n/);
  expect(first).toMatch(/\n500 \| name 499 \| 499$/);
  expect(then).toBe(
    "[rows 1,200-1,201 of 1,201]\n1 | Name | Number\n...\n1200 | name 1199 | 1199\n1201 | name 1200 | 1200",
  );
  expect(book).toContain("[sheet 1 of 1: S; rows 1-500 of 1,200]\n1 | name 1 | 1");
  expect(beyond).toContain("[no rows after 5,000: there are 1,201]");
});

test("a table with quotes, line ends and commas in its cells stays a table", async () => {
  const csv = 'name,words\n"Ana, B.","two\nlines ""quoted"""\n';

  expect(await read("csv", csv)).toContain('1 | name | words\n2 | Ana, B. | two / lines "quoted"');
});

test("OpenDocument texts and sheets are read, with what is repeated, merged, hidden and deleted", async () => {
  const odt = openDocument(
    `<office:text><text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:h>Plan</text:h><text:p>a<text:s text:c="2"/>b</text:p><text:list><text:list-item><text:p>one</text:p></text:list-item></text:list></office:text>`,
  );
  const ods = openDocument(
    `<office:spreadsheet><table:table table:name="Sheet" table:style-name="ta2">
      <table:table-row><table:table-cell table:number-columns-spanned="2" office:value-type="string"><text:p>Name</text:p></table:table-cell><table:covered-table-cell/></table:table-row>
      <table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="2"><text:p>7</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2026-01-31T00:00:00"><text:p>31.01.26</text:p></table:table-cell></table:table-row>
      <table:table-row table:number-rows-repeated="1048572"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
    </table:table></office:spreadsheet>`,
    `<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>`,
  );

  expect(await read("odt", odt)).toBe("# Plan\na  b\n- one");
  expect(await read("ods", ods)).toBe(
    [
      "[sheet 1 of 1: Sheet; hidden in the program; rows 1-4 of 4; merged: A1:B1]",
      "1 | Name",
      "2 | 7 | 7 | 2026-01-31",
      "3 | 7 | 7 | 2026-01-31",
      "4 | 7 | 7 | 2026-01-31",
    ].join("\n"),
  );
});

test("an archive tells its names and sizes, and the texts in it; what else is in it stays closed", async () => {
  const archive = zip({
    "a/notes.md": "hello",
    "../../b.exe": new Uint8Array(9),
    "in.zip": zip({ "c.txt": "deep" }),
    __proto__: "odd",
  });

  const said = await read("zip", archive);

  expect(said).toMatch(
    /^\[archive; \d files\]\n- a\/notes\.md, 5 bytes\n- \.\.\/\.\.\/b\.exe, 9 bytes\n/,
  );
  expect(said).toContain("[in the archive: a/notes.md]\nhello");
  expect(said).not.toContain("deep");
});

const BOMB = zipSync({ "word/document.xml": new Uint8Array(40 * 1_024 * 1_024) });
const COMPOUND = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(600)]);
const LAUGHS = `<!DOCTYPE w [<!ENTITY a "${"ha".repeat(50)}"><!ENTITY b "&a;&a;&a;&a;">]>`;

const zipOf = (count: number) =>
  zip(Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}.txt`, "x"])));
const FAR_RIGHT = '<sheetData><row r="1"><c r="ZZZZ1"><v>1</v></c></row></sheetData>';

test.each<[string, OfficeFormat, Uint8Array | string]>([
  ["it unfolds to far more than it seems", "docx", BOMB],
  ["it is nested too deeply", "docx", docx("<w:p>".repeat(5_000))],
  ["it holds no workbook", "xlsx", docx(paragraph("words"))],
  ["it holds more than 2000 files", "zip", zipOf(2_001)],
  [
    "it has a cell beyond the last column there can be",
    "xlsx",
    xlsx([{ name: "S", xml: FAR_RIGHT }]),
  ],
  ["it holds no text", "csv", Buffer.from([1, 0, 2, 0])],
])(
  "a file that would do harm or says nothing is refused in words: %s",
  async (words, format, bytes) => {
    await expect(read(format, bytes)).rejects.toThrow(new RefusedError(words));
  },
);

test.each([
  ["it unfolds to far more than it seems", "a.docx", BOMB],
  ["it has a password, or is of a format of before 2007; save it without", "a.xlsx", COMPOUND],
  ["it cannot be read as ZIP, or takes too long", "a.zip", "PK\u0003\u0004 rubbish"],
  [
    "it is in Word's or Excel's format of before 2007; open it there and save it as .docx or .xlsx",
    "a.doc",
    COMPOUND,
  ],
])("a person is told why a document was not read: %s", async (words, name, bytes) => {
  expect(await attached(name, bytes)).toContain(`[file ${name} was not read: ${words}`);
});

test("entities that a document makes itself are not unfolded", async () => {
  const said = await read("docx", docx(paragraph("before &b;&b; after"), {}, LAUGHS));

  expect(said.length).toBeLessThan(1_000);
  expect(said).toContain("before &b;&b; after");
});

test("ten thousand columns are cut, and said to be", async () => {
  const wide = Array.from({ length: 10_000 }, (_, index) => `c${index + 1}`);

  const said = await read("xlsx", xlsx([{ name: "S", xml: rowsOf([wide]) }]));

  expect(said).toContain("columns A-BH of 10,000");
  expect(said).toContain("| c59 | c60");
  expect(said).not.toContain("c61");
});

test("an archive that lies about its sizes gives no more than it said", async () => {
  const lying = Buffer.from(zip({ "a.txt": "x".repeat(100_000) }));
  const central = lying.lastIndexOf(Buffer.from("PK\u0001\u0002", "latin1"));
  lying.writeUInt32LE(10, central + 24);

  const said = await read("zip", lying);

  expect(said.length).toBeLessThan(1_000);
});

test.each<[OfficeFormat, string]>([
  ["zip", "a.txt"],
  ["docx", "word/document.xml"],
])("a %s with two files of one name is refused before either is unfolded", async (format, name) => {
  const other = name.replace(/^./, "~");
  const archive = Buffer.from(zip({ [name]: "small", [other]: "x".repeat(100_000) }));
  // Its name stands before its bytes and in the list at the end.
  for (let at = archive.indexOf(other); at >= 0; at = archive.indexOf(other))
    archive.write(name, at);

  await expect(read(format, archive)).rejects.toThrow(
    new RefusedError("it holds two files of one name"),
  );
});

test("a document goes on where a part of it ended", async () => {
  const long = docx(paragraph("x".repeat(150_000)));

  expect(await attached("a.docx", long)).toMatch(
    /^\[file: a\.docx\]\nx+\n\[cut: 50000 more characters\]\n\[end of file\]$/,
  );
  expect(await attached("a.docx", long, 149_990)).toBe(
    "[file: a.docx]\n[from character 149991 of 150000]\nxxxxxxxxxx\n[end of file]",
  );
});
