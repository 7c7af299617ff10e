import { z } from "zod";

/** Which bills a sum is about. */
export const sideIn = z
  .enum(["sales", "purchases"])
  .default("sales")
  .describe("Invoices to customers, or from vendors");

export const wholeOut = {
  is_whole: z.boolean().describe("False: more documents than 10,000, the sums are not all of it"),
};
export const periodOut = { from: z.string(), to: z.string() };
