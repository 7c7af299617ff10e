import { z } from "zod";
import { definePrompt } from "../kit/prompt.ts";
import { monthIn } from "./days.ts";
import { documentIdIn, toId, toKey } from "./document-id.ts";

/** The five of the original. They name tools: the model fetches what it needs itself. */
export const prompts = [
  definePrompt({
    name: "analyze_invoice",
    title: "Look into an invoice",
    description: "Explains one sale document and what is odd about it.",
    args: z.object({
      invoice_id: documentIdIn,
      include_customer: z
        .enum(["true", "false"])
        .optional()
        .describe("true: also who bought, and what else"),
    }),
    run: async ({ invoice_id, include_customer }) =>
      [
        `Read the document ${toId(toKey(invoice_id))} with get_invoice_details.`,
        "Say in a few sentences what was sold, by which store, for how much, and how it was paid.",
        "Check that the lines add up to the total, that the payments cover it, and that prices fit get_prices of that store; name what does not.",
        ...(include_customer === "true"
          ? ["Read the customer with get_customer_details, and other documents with list_invoices."]
          : []),
        "Say clearly what you could not check.",
      ].join("\n"),
  }),
  definePrompt({
    name: "customer_report",
    title: "Report on a customer",
    description: "Who a customer is, and what was bought.",
    args: z.object({
      customer_id: z.string().min(1).max(60),
      period: monthIn.optional().describe("YYYY-MM; left out: everything"),
    }),
    run: async ({ customer_id, period }) =>
      [
        `Write a report on the customer ${customer_id}${period ? ` for ${period}` : ""}.`,
        "Use get_customer_details, list_invoices and list_orders with this customer_id, get_loyalty_cards and get_loyalty_points.",
        "Give totals for each currency, what is bought most, what is still open, and points. Count only what you have read; say when there are more pages.",
        "Leave out e-mail, phone and address unless they are asked for.",
      ].join("\n"),
  }),
  definePrompt({
    name: "financial_analysis",
    title: "Compare sales of months",
    description: "Sales of a month, beside those of another.",
    args: z.object({
      period: monthIn.describe("YYYY-MM"),
      comparison_period: monthIn.optional().describe("YYYY-MM; left out: the month before"),
    }),
    run: async ({ period, comparison_period }) =>
      [
        `Call get_financial_summary for ${period} and for ${comparison_period ?? "the month before it"}.`,
        "Compare totals, receipts, pieces and the average receipt, for each store and currency. Never add up different currencies.",
        "These figures are added up from receipts; they are no books of account. Say so, and say when is_whole is false.",
      ].join("\n"),
  }),
  definePrompt({
    name: "fraud_detection",
    title: "Look for odd sales",
    description: "Receipts that a person should look at.",
    args: z.object({
      threshold: z
        .string()
        .regex(/^(100|\d{1,2})$/, "has to be a number from 0 to 100")
        .optional()
        .describe("0 to 100: how odd it has to be; 50 when left out"),
    }),
    run: async ({ threshold }) =>
      [
        "Look through the receipts of the last 30 days with list_invoices, page by page, and open what stands out with get_invoice_details.",
        "Look for: totals far above the store's usual, large reductions against get_prices, many cancelled documents of one sales person, the same customer and amount twice within minutes, negative lines, sales outside opening hours.",
        `Rate each from 0 to 100 and show those of ${threshold ?? "50"} and more, with the document, the reason and what would explain it innocently.`,
        "These are hints for a person, not accusations: accuse nobody.",
      ].join("\n"),
  }),
  definePrompt({
    name: "compliance_check",
    title: "Check against a rule",
    description: "Goes through documents with a regulation in mind.",
    args: z.object({
      regulation: z.string().trim().min(1).max(300).describe("Such as: numbering of receipts"),
    }),
    run: async ({ regulation }) =>
      [
        `Check sales documents against this: ${regulation}`,
        "First say what it asks for as far as you know, and what you are not sure of. Then look at documents with list_documents and get_invoice_details: numbers without gaps in each stump, cancelled ones with a reason, taxes, what a receipt has to name.",
        "validate_qr_code takes codes apart; it does not say that they are valid.",
        "Give what fits, what does not, and what cannot be seen in Cegid Y2. This is no legal advice.",
      ].join("\n"),
  }),
];
