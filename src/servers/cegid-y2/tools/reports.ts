import { z } from "zod";
import { Failure } from "../../kit/failure.ts";
import { defineTool } from "../../kit/tool.ts";
import { monthIn } from "../days.ts";
import type { CegidDeps } from "../deps.ts";
import { qrOut, readQrCode } from "../qr-code.ts";
import { OPERATIONS } from "../soap/operation.ts";
import { summarize, summaryOut, summaryText } from "../summary.ts";

/** A code of a document holds some hundred bytes. */
const MAX_HEX = 8_192;

export const reportTools = (deps: CegidDeps) => [
  financialSummary(deps),
  validateQrCode,
  checkConnection(deps),
];

const financialSummary = (deps: CegidDeps) =>
  defineTool({
    name: "get_financial_summary",
    title: "Sales of a month",
    description:
      "What the receipts of a month come to, for each currency and store. Cegid Y2 has no such report: it is added up here, exactly, from the receipts.",
    effect: "read",
    input: z.object({ period: monthIn.describe("YYYY-MM") }),
    output: summaryOut,
    async run({ period }, call) {
      const summary = await summarize(deps, call, period);
      return { data: summary, text: summaryText(summary) };
    },
  });

const validateQrCode = defineTool({
  name: "validate_qr_code",
  title: "Take a QR code apart",
  description:
    "Takes the code of an e-invoice apart (tag, length, value) and says whether its fields are there and in form. Done here; it never says whether an invoice is genuine.",
  effect: "read",
  input: z.object({
    qr_hex: z
      .string()
      .trim()
      .max(MAX_HEX)
      .regex(/^([0-9a-f]{2})+$/i, "has to be pairs of hexadecimal digits")
      .describe("The code's bytes in hexadecimal"),
  }),
  output: qrOut,
  async run({ qr_hex }) {
    const read = readQrCode(qr_hex);
    const lines = read.fields.map(
      ({ tag, name, text }) => `- ${name ?? tag}: ${text ?? "(bytes)"}`,
    );
    return { data: read, text: [...lines, ...read.problems, read.note].join("\n") };
  },
});

const checkConnection = (deps: CegidDeps) =>
  defineTool({
    name: "check_connection",
    title: "Check the connection",
    description: "Asks Cegid Y2 to answer: whether the account works, its version and its time.",
    effect: "read",
    input: z.object({}),
    output: z.object({
      version: z.string().nullable(),
      server_time: z.string().nullable(),
      culture: z.string().nullable(),
    }),
    async run(_, call) {
      const result = await deps.y2.ask(call, {
        operation: OPERATIONS.hello,
        parameters: [["text", "clara"]],
        kind: "documents",
        isFresh: true,
      });
      const words = result?.text ?? "";
      if (words === "") throw new Failure("SCHEMA_MISMATCH", "Cegid Y2 answered with nothing.");
      const told = (name: string) =>
        new RegExp(`${name}\\s*[:=]\\s*(.+)`, "i").exec(words)?.[1]?.trim() ?? null;
      return {
        data: {
          version: told("CBR Version"),
          server_time: told("Now"),
          culture: told("CurrentCulture"),
        },
        text: "Cegid Y2 answers.",
      };
    },
  });
