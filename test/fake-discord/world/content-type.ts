const TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv; charset=utf-8",
  gif: "image/gif",
  jpg: "image/jpeg",
  json: "application/json; charset=utf-8",
  md: "text/markdown; charset=utf-8",
  mp3: "audio/mpeg",
  ogg: "audio/ogg",
  pdf: "application/pdf",
  png: "image/png",
  txt: "text/plain; charset=utf-8",
  webp: "image/webp",
};

/** Discord trusts a given type, and else goes by the name. */
export function contentTypeOf(filename: string, given = ""): string {
  if (given !== "" && given !== "application/octet-stream") return given;
  return TYPES[filename.split(".").at(-1) ?? ""] ?? "application/octet-stream";
}
