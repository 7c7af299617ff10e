import { z } from "zod";
import { defineTool, type Tool } from "../src/core/tool.ts";

/** A tool that reaches outside; `sent` gets to whom. */
export const sendMail = (sent: string[]): Tool =>
  defineTool({
    name: "send_mail",
    description: "Sends a mail.",
    label: "Sending",
    effect: "outside",
    timeoutMs: 5_000,
    input: z.object({ to: z.string() }),
    explain: ({ to }) => ({ what: "Send an e-mail", target: to, reversible: false }),
    async run({ to }) {
      sent.push(to);
      return { text: `The mail to ${to} is out.` };
    },
  });
