import type { drive_v3 } from "@googleapis/drive";

export const FOLDER = "application/vnd.google-apps.folder";
export const SPREADSHEET = "application/vnd.google-apps.spreadsheet";

/** What is asked of a file for a line of a list. */
export const LINE_FIELDS = "id,name,mimeType,modifiedTime,size,webViewLink,trashed";

const KINDS: Readonly<Record<string, string>> = {
  [FOLDER]: "folder",
  [SPREADSHEET]: "Google Sheet",
  "application/vnd.google-apps.document": "Google Doc",
  "application/vnd.google-apps.presentation": "Google Slides",
};

export const kindOf = (mimeType: string | null | undefined): string =>
  KINDS[mimeType ?? ""] ?? mimeType ?? "unknown kind";

/** One file as a line of a list. */
export const lineOf = (file: drive_v3.Schema$File): string =>
  [
    file.name ?? "(no name)",
    kindOf(file.mimeType),
    ...(file.size ? [`${file.size} bytes`] : []),
    ...(file.modifiedTime ? [`changed ${file.modifiedTime}`] : []),
    ...(file.trashed ? ["in the bin"] : []),
    `id ${file.id}`,
  ].join(" | ");

/** Whoever writes in Google's own language of queries: https://developers.google.com/workspace/drive/api/guides/ref-search-terms */
const QUERY =
  /^\s*(?:not\s+)?(?:'[^']*'\s+in\b|(?:name|fullText|mimeType|modifiedTime|createdTime|viewedByMeTime|trashed|starred|sharedWithMe|visibility)\b\s*(?:=|!=|<|>|contains\b|in\b|has\b|$))/;

const quoted = (text: string): string =>
  `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

/** Words become a search in names and texts; what is in the bin is left out. */
export function toQuery(query: string | undefined, folderId: string | undefined): string {
  const words = query?.trim() ?? "";
  const parts = [
    ...(words === ""
      ? []
      : QUERY.test(words)
        ? [`(${words})`]
        : [`(name contains ${quoted(words)} or fullText contains ${quoted(words)})`]),
    ...(folderId === undefined ? [] : [`${quoted(folderId)} in parents`]),
    ...(/\btrashed\b/.test(words) ? [] : ["trashed = false"]),
  ];
  return parts.join(" and ");
}
