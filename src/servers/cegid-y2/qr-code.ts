import { z } from "zod";

const MAX_FIELDS = 64;

/** Tags of e-invoices' codes, as tax offices of several countries use them. */
const NAMES: Readonly<Record<number, string>> = {
  1: "seller name",
  2: "seller tax number",
  3: "time",
  4: "total with tax",
  5: "tax",
  6: "hash",
  7: "signature",
  8: "public key",
  9: "stamp",
};

/** What every such code has. */
const EXPECTED = [1, 2, 3, 4, 5];

export const qrOut = z.object({
  is_well_formed: z.boolean().describe("Its fields can be taken apart to the last byte"),
  is_complete: z
    .boolean()
    .describe("It has seller, tax number, time, total and tax, each in its form"),
  fields: z.array(
    z.object({
      tag: z.int(),
      name: z.string().nullable(),
      text: z.string().nullable().describe("null: not a text"),
      hex: z.string(),
    }),
  ),
  problems: z.array(z.string()),
  note: z.string(),
});

const NOTE =
  "Taken apart here, without asking Cegid Y2, which has no such service. This says nothing about whether the invoice is genuine or valid for a tax office.";

/** Takes a code apart that is a row of tag, length and value. */
export function readQrCode(hex: string): z.output<typeof qrOut> {
  const bytes = Buffer.from(hex, "hex");
  const { fields, problem } = split(bytes);
  const found = fields.map(({ tag, value }) => ({
    tag,
    name: NAMES[tag] ?? null,
    text: toText(value),
    hex: value.toString("hex"),
  }));
  const wrong = problem === null ? contentProblems(found) : [problem];
  return {
    is_well_formed: problem === null,
    is_complete: wrong.length === 0,
    fields: found,
    problems: wrong,
    note: NOTE,
  };
}

interface Field {
  readonly tag: number;
  readonly value: Buffer;
}

function split(bytes: Buffer): {
  readonly fields: readonly Field[];
  readonly problem: string | null;
} {
  const fields: Field[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = bytes[at + 1];
    const end = at + 2 + (length ?? 0);
    if (length === undefined || end > bytes.length)
      return { fields, problem: `the field at byte ${at} is longer than the code` };
    if (fields.length >= MAX_FIELDS) return { fields, problem: `more than ${MAX_FIELDS} fields` };
    fields.push({ tag: bytes[at] ?? 0, value: bytes.subarray(at + 2, end) });
    at = end;
  }
  return { fields, problem: null };
}

/** null when it is no text: a signature, say. */
function toText(value: Buffer): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(value);
    return /\p{Cc}/u.test(text) ? null : text;
  } catch {
    return null;
  }
}

function contentProblems(
  fields: readonly { readonly tag: number; readonly text: string | null }[],
): string[] {
  const textOf = (tag: number) => fields.find((field) => field.tag === tag)?.text ?? null;
  const isAmount = (tag: number) => /^\d{1,15}(\.\d{1,3})?$/.test(textOf(tag) ?? "");
  const missing = EXPECTED.filter((tag) => textOf(tag) === null);
  const time = textOf(3);
  return [
    ...missing.map((tag) => `${NAMES[tag]} (tag ${tag}) is missing`),
    ...(time !== null && Number.isNaN(Date.parse(time)) ? ["time is no time"] : []),
    ...[4, 5]
      .filter((tag) => textOf(tag) !== null && !isAmount(tag))
      .map((tag) => `${NAMES[tag]} is no amount`),
  ];
}
