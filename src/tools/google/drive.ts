import type { drive_v3 } from "@googleapis/drive";
import { z } from "zod";
import type { Tool } from "../../core/tool.ts";
import { answerOf, collect, toList, type Page } from "./apis.ts";
import {
  defineGoogleTool,
  id,
  maxResults,
  offset,
  pageToken,
  partOf,
  type GoogleDeps,
  type GoogleResult,
} from "./define.ts";
import { GoogleProblem } from "./problem.ts";
import { kindOf, LINE_FIELDS, lineOf, toQuery } from "./drive-words.ts";

const PAGE = 100;
/** The house's way out takes 10 MiB; Google's exports end there, too. */
const MAX_BYTES = 8 * 1024 * 1024;

/** What Google's own kinds are read as: https://developers.google.com/workspace/drive/api/guides/ref-export-formats */
const EXPORTS: Readonly<Record<string, string>> = {
  "application/vnd.google-apps.document": "text/plain",
  "application/vnd.google-apps.spreadsheet": "text/csv",
  "application/vnd.google-apps.presentation": "text/plain",
};

const allDrives = { supportsAllDrives: true };

/** Files of a query, page after page. */
export async function listFiles(
  api: drive_v3.Drive,
  q: string,
  { max, from }: { readonly max: number; readonly from: string | null },
): Promise<Page<drive_v3.Schema$File>> {
  return collect({ max, from, pageSize: PAGE }, async (pageSize, token) => {
    const { files, nextPageToken } = await answerOf(
      api.files.list({
        q,
        pageSize,
        // Google takes no order together with a search in texts.
        ...(q.includes("fullText") ? {} : { orderBy: "folder,modifiedTime desc" }),
        fields: `nextPageToken,files(${LINE_FIELDS})`,
        ...allDrives,
        includeItemsFromAllDrives: true,
        ...(token ? { pageToken: token } : {}),
      }),
    );
    return { items: files, next: nextPageToken };
  });
}

/** What is in a person's Drive. */
export const driveReaders = (deps: GoogleDeps): readonly Tool[] => [
  defineGoogleTool(deps, {
    name: "google_drive_list",
    description: "List or search files and folders of the person's Google Drive.",
    label: "Looking through your Drive",
    effect: "read",
    needs: "drive",
    input: z.object({
      query: z
        .string()
        .max(1_000)
        .optional()
        .describe("Words in name or text, or a query in Drive's own language"),
      folder_id: id("Only in this folder").optional(),
      max_results: maxResults.default(20),
      page_token: pageToken,
    }),
    async run({ query, folder_id, max_results: max, page_token = null }, apis) {
      const api = await apis.drive();
      const page = await listFiles(api, toQuery(query, folder_id), { max, from: page_token });
      return {
        text: toList(page, lineOf, "Nothing was found."),
        links: page.items.map(({ webViewLink }) => webViewLink),
      };
    },
  }),
  defineGoogleTool(deps, {
    name: "google_drive_get_file",
    description: "What Google Drive knows of one file: kind, size, owners, who it is shared with.",
    label: "Looking at a file in your Drive",
    effect: "read",
    needs: "drive",
    input: z.object({ file_id: id("The file's id, as a list gives it") }),
    async run({ file_id: fileId }, apis) {
      const api = await apis.drive();
      const fields = `${LINE_FIELDS},createdTime,description,parents,owners(emailAddress),permissions(type,role,emailAddress)`;
      const file = await answerOf(api.files.get({ fileId, fields, ...allDrives }));
      return { text: pageOf(file), links: [file.webViewLink] };
    },
  }),
  defineGoogleTool(deps, {
    name: "google_drive_download",
    description:
      "Read a file of the person's Google Drive: the words of documents, tables as CSV, text files. Other files are sent with the answer.",
    label: "Reading a file of your Drive",
    effect: "read",
    needs: "drive",
    input: z.object({ file_id: id("The file's id, as a list gives it"), offset }),
    async run({ file_id: fileId, offset: from }, apis) {
      const api = await apis.drive();
      const file = await answerOf(api.files.get({ fileId, fields: LINE_FIELDS, ...allDrives }));
      return download(api, fileId, file, from);
    },
  }),
];

async function download(
  api: drive_v3.Drive,
  fileId: string,
  file: drive_v3.Schema$File,
  from: number,
): Promise<GoogleResult> {
  const mimeType = file.mimeType ?? "application/octet-stream";
  const links = [file.webViewLink];
  const exported = EXPORTS[mimeType];
  if (exported === undefined && mimeType.startsWith("application/vnd.google-apps."))
    throw new GoogleProblem(`${kindOf(mimeType)} has no words that I could read.`);
  if (Number(file.size ?? 0) > MAX_BYTES)
    throw new GoogleProblem(
      `The file is too large: ${file.size} bytes, and I read ${MAX_BYTES} at most.`,
    );
  const binary = { responseType: "arraybuffer" } as const;
  const { data } =
    exported === undefined
      ? await api.files.get({ fileId, alt: "media", ...allDrives }, binary)
      : await api.files.export({ fileId, mimeType: exported }, binary);
  // What `responseType` says.
  const bytes = new Uint8Array(data as unknown as ArrayBuffer);
  if (exported !== undefined || isText(mimeType))
    return { text: partOf(lineOf(file), new TextDecoder().decode(bytes), from), links };
  return {
    text: `${lineOf(file)}\n\nIt is no text; it goes with the answer as a file.`,
    links,
    files: [{ name: file.name ?? "file", contentType: mimeType, content: bytes }],
  };
}

const isText = (mimeType: string): boolean =>
  /^text\/|[/+](?:json|xml|yaml|javascript|x-sh|sql|toml)$/.test(mimeType);

function pageOf(file: drive_v3.Schema$File): string {
  const shared = (file.permissions ?? []).map(
    ({ type, role, emailAddress }) => `- ${emailAddress ?? type}: ${role}`,
  );
  const owners = (file.owners ?? []).flatMap(({ emailAddress }) => emailAddress ?? []);
  return [
    lineOf(file),
    ...(file.createdTime ? [`Made on ${file.createdTime}`] : []),
    ...(owners.length > 0 ? [`Owned by ${owners.join(", ")}`] : []),
    ...(file.parents ? [`In folder ${file.parents.join(", ")}`] : []),
    ...(file.webViewLink ? [`Link: ${file.webViewLink}`] : []),
    ...(shared.length > 0 ? ["Shared with:", ...shared] : []),
    ...(file.description ? ["", file.description.slice(0, 2_000)] : []),
  ].join("\n");
}
