import { z } from "zod";
import type { GoogleConnection, GoogleStatus } from "../../core/google.ts";
import { defineTool, type Tool } from "../../core/tool.ts";
import { isPrivate } from "./connection.ts";

const TIMEOUT_MS = 60_000;

/** How a person connects Google from within a conversation. `/google` does the same without a model. */
export const connectionTools = (connection: GoogleConnection): readonly Tool[] => [
  defineTool({
    name: "google_connect",
    description:
      "Give the person a link to connect Google (calendar, Drive, Sheets, Docs), or to connect again. Show the link as it is.",
    label: "Making a link for Google",
    effect: "write",
    timeoutMs: TIMEOUT_MS,
    input: z.object({}),
    explain: () => ({ what: "Give you a link to connect Google", target: "", reversible: true }),
    async run(_, { scope }) {
      if (!isPrivate(scope))
        return {
          text: "The link is for this person's eyes only, and others read along here. The person can run /google connect, which only that person sees, or ask in a DM.",
          isError: true,
        };
      const link = await connection.link(scope);
      return {
        text: `${link}\nIt works for 10 minutes, and is for this person alone: it must not be passed on.`,
        sources: [link],
      };
    },
  }),
  defineTool({
    name: "google_status",
    description: "Whether the person has connected Google, which account, and what was allowed.",
    label: "Looking at your connection to Google",
    effect: "read",
    timeoutMs: TIMEOUT_MS,
    input: z.object({}),
    run: async (_, { scope }) => ({
      text: statusWords(await connection.status(scope), isPrivate(scope)),
    }),
  }),
  defineTool({
    name: "google_disconnect",
    description:
      "End the person's connection to Google: it is taken back at Google and forgotten here.",
    label: "Disconnecting Google",
    effect: "write",
    timeoutMs: TIMEOUT_MS,
    input: z.object({}),
    explain: () => ({ what: "Disconnect your Google", target: "", reversible: false }),
    async run(_, { scope, signal }) {
      const ended = await connection.disconnect(scope, signal);
      if (ended.kind === "nothing") return { text: "Google was not connected." };
      return {
        text: ended.isRevoked
          ? "Disconnected: taken back at Google, and forgotten here."
          : "Forgotten here, but Google did not confirm. The person should remove it at https://myaccount.google.com/connections, too.",
        sources: ["https://myaccount.google.com/connections"],
      };
    },
  }),
];

/** The address is the person's own business: nobody else reads it. */
function statusWords(status: GoogleStatus, isAlone: boolean): string {
  switch (status.kind) {
    case "nothing":
      return "Not connected. google_connect gives a link.";
    case "locked":
      return "It was connected, but the key that sealed it is gone. google_connect gives a new link.";
    case "revoked":
      return "Google no longer accepts the connection. google_connect gives a new link.";
    case "connected":
      return [
        isAlone && status.email !== null ? `Connected as ${status.email}.` : "Connected.",
        `Allowed: ${status.services.join(", ") || "nothing"}.`,
        ...(status.missing.length > 0 ? [`Not allowed: ${status.missing.join(", ")}.`] : []),
        ...(status.isAllowedHere ? [] : ["Not used here, where others read along."]),
      ].join(" ");
  }
}
