const MAX_BYTES = 100;
const FALLBACK = "file";

/** Names that Windows keeps for itself, with any ending. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * A name that is no more than a name: no folders, no marks that turn text around, nothing that a file system or a
 * reader takes for something else. At most 100 bytes with its ending kept, never empty.
 */
export function safeName(given: string): string {
  const last =
    given
      .normalize("NFC")
      .split(/[/\\]/)
      .findLast((piece) => piece.trim() !== "") ?? "";
  const plain = last
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "")
    .replace(/[<>:"|?*[\]`@]/g, "_")
    .replace(/\s+/g, " ")
    .replace(/^[. ]+|[. ]+$/g, "");
  const named = plain === "" ? FALLBACK : plain;
  return shorten(RESERVED.test(named) ? `_${named}` : named);
}

function shorten(name: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name;
  const ending = /\.[\p{L}\p{N}]{1,8}$/u.exec(name)?.[0] ?? "";
  const stem = Buffer.from(name.slice(0, name.length - ending.length));
  const cut = stem.subarray(0, MAX_BYTES - Buffer.byteLength(ending)).toString();
  // Half a character at the end reads as this mark.
  return cut.replace(/\uFFFD+$/, "").trimEnd() + ending;
}
