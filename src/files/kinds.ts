/** What can be done with a file, told by its name and by what the platform says of it. The bytes have the last word. */
export type FileKind = "image" | "text" | "pdf" | "other";

const IMAGES: ReadonlySet<string> = new Set(["png", "jpg", "jpeg", "gif", "webp"]);

/** Those that the original read, and a few more. */
const TEXTS: ReadonlySet<string> = new Set(
  `txt md py js mjs cjs ts mts jsx tsx json jsonl yaml yml html htm css scss xml svg csv tsv log sh bash zsh ps1 bat c cc
  cpp h hpp cs java kt swift go rs rb php pl lua r sql toml ini cfg conf env properties gitignore dockerfile makefile diff
  patch tex rst vtt srt ics eml`.split(/\s+/),
);

export function kindOf(name: string, contentType: string | null): FileKind {
  const extension = name.split(".").at(-1)?.toLowerCase() ?? "";
  const type = (contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (IMAGES.has(extension) || /^image\/(png|jpeg|gif|webp)$/.test(type)) return "image";
  if (extension === "pdf" || type === "application/pdf") return "pdf";
  if (TEXTS.has(extension) || type.startsWith("text/") || type === "application/json")
    return "text";
  return "other";
}
