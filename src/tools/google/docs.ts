import type { docs_v1 } from "@googleapis/docs";
import { z } from "zod";
import type { Tool } from "../../core/tool.ts";
import { answerOf } from "./apis.ts";
import { defineGoogleTool, id, offset, partOf, title, type GoogleDeps } from "./define.ts";

const MAX_TEXT_CHARS = 500_000;
const MAX_SHOWN_CHARS = 200;

const document = id("The document's id, as google_drive_list gives it");
const linkTo = (documentId: string | null | undefined): string =>
  `https://docs.google.com/document/d/${documentId}/edit`;

/** The person's documents. */
export const docTools = (deps: GoogleDeps): readonly Tool[] => [
  defineGoogleTool(deps, {
    name: "google_docs_create",
    description: "Make an empty document in the person's Google Drive.",
    label: "Making a document",
    effect: "outside",
    needs: "docs",
    input: z.object({ title: title("Its name").default("Untitled document") }),
    explain: ({ title: name }) => ({
      what: "Make a new document in your Google Drive",
      target: name,
      reversible: true,
    }),
    async run({ title: name }, apis) {
      const api = await apis.docs();
      const { documentId } = await answerOf(api.documents.create({ requestBody: { title: name } }));
      const link = linkTo(documentId);
      return { text: `Made: ${name} | id ${documentId}\n${link}`, links: [link] };
    },
  }),
  defineGoogleTool(deps, {
    name: "google_docs_read",
    description: "Read the words of a Google document.",
    label: "Reading a document",
    effect: "read",
    needs: "docs",
    input: z.object({ document_id: document, offset }),
    async run({ document_id: documentId, offset: from }, apis) {
      const api = await apis.docs();
      const found = await answerOf(api.documents.get({ documentId }));
      const words = textOf(found.body?.content);
      return {
        text: partOf(found.title ?? "(no title)", words, from),
        links: [linkTo(documentId)],
      };
    },
  }),
  defineGoogleTool(deps, {
    name: "google_docs_write",
    description: "Add text at the end of a Google document. What stands there stays.",
    label: "Writing into a document",
    effect: "outside",
    needs: "docs",
    input: z.object({ document_id: document, text: z.string().min(1).max(MAX_TEXT_CHARS) }),
    explain: ({ document_id, text }) => ({
      what: `Add to a document of yours: ${text.slice(0, MAX_SHOWN_CHARS)}${text.length > MAX_SHOWN_CHARS ? "…" : ""}`,
      target: document_id,
      reversible: true,
    }),
    async run({ document_id: documentId, text }, apis) {
      const api = await apis.docs();
      const requests = [{ insertText: { text, endOfSegmentLocation: {} } }];
      await answerOf(api.documents.batchUpdate({ documentId, requestBody: { requests } }));
      return { text: `Added ${text.length} characters at the end.`, links: [linkTo(documentId)] };
    },
  }),
];

/** The words of paragraphs and tables, in their order: https://developers.google.com/workspace/docs/api/concepts/structure */
function textOf(content: docs_v1.Schema$StructuralElement[] | undefined): string {
  return (content ?? [])
    .map(({ paragraph, table, tableOfContents }) => {
      if (paragraph) return paragraphOf(paragraph);
      if (tableOfContents) return textOf(tableOfContents.content);
      return (table?.tableRows ?? [])
        .map(({ tableCells }) => (tableCells ?? []).map((each) => textOf(each.content).trim()))
        .map((cells) => `${cells.join("\t")}\n`)
        .join("");
    })
    .join("");
}

function paragraphOf(paragraph: docs_v1.Schema$Paragraph): string {
  const words = (paragraph.elements ?? []).map(({ textRun }) => textRun?.content ?? "").join("");
  const level = /^HEADING_([1-6])$/.exec(paragraph.paragraphStyle?.namedStyleType ?? "")?.[1];
  if (level !== undefined) return `${"#".repeat(Number(level))} ${words}`;
  return paragraph.bullet ? `- ${words}` : words;
}
