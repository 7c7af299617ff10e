import type { OfficeFormat } from "./office/read-format.ts";

/** What can be done with a file, told by its name and by what the platform says of it. The bytes have the last word. */
export type FileKind = "image" | "text" | "pdf" | OfficeFormat | "sound" | "legacy" | "other";

const IMAGES: ReadonlySet<string> = new Set(["png", "jpg", "jpeg", "gif", "webp"]);

/** Those that the original read, and a few more. */
const TEXTS: ReadonlySet<string> = new Set(
  `txt md py js mjs cjs ts mts jsx tsx json jsonl yaml yml html htm css scss xml svg log sh bash zsh ps1 bat c cc
  cpp h hpp cs java kt swift go rs rb php pl lua r sql toml ini cfg conf env properties gitignore dockerfile makefile diff
  patch tex rst vtt srt ics eml`.split(/\s+/),
);

const SOUNDS: ReadonlySet<string> = new Set(
  "mp3 m4a mpga mpeg wav webm ogg oga opus flac".split(" "),
);

const OFFICE: ReadonlyMap<string, FileKind> = new Map<string, FileKind>([
  ["docx", "docx"],
  ["docm", "docx"],
  ["xlsx", "xlsx"],
  ["xlsm", "xlsx"],
  ["odt", "odt"],
  ["ods", "ods"],
  ["csv", "csv"],
  ["tsv", "csv"],
  ["zip", "zip"],
  ["doc", "legacy"],
  ["xls", "legacy"],
  ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"],
  ["application/vnd.oasis.opendocument.text", "odt"],
  ["application/vnd.oasis.opendocument.spreadsheet", "ods"],
  ["text/csv", "csv"],
  ["text/tab-separated-values", "csv"],
  ["application/zip", "zip"],
  ["application/msword", "legacy"],
]);

export function kindOf(name: string, contentType: string | null): FileKind {
  const extension = name.split(".").at(-1)?.toLowerCase() ?? "";
  const type = (contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (IMAGES.has(extension) || /^image\/(png|jpeg|gif|webp)$/.test(type)) return "image";
  if (extension === "pdf" || type === "application/pdf") return "pdf";
  if (SOUNDS.has(extension) || type.startsWith("audio/")) return "sound";
  if (TEXTS.has(extension)) return "text";
  // What a browser says of a file is less than its own name: Windows calls every CSV a workbook of Excel's.
  const office = OFFICE.get(extension) ?? OFFICE.get(type);
  if (office) return office;
  return type.startsWith("text/") || type === "application/json" ? "text" : "other";
}
