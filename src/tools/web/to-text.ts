/** How many bytes of a page may say which letters it uses: https://html.spec.whatwg.org/#determining-the-character-encoding */
const SNIFFED_BYTES = 1_024;

/** Bytes as text: by their mark, by what the header says, by what the page says of itself, or UTF-8. */
export function toText(bytes: Uint8Array, contentType: string): string {
  const label = byMark(bytes) ?? charsetIn(contentType) ?? charsetIn(beginning(bytes)) ?? "utf-8";
  const text = decode(bytes, label) ?? decode(bytes, "utf-8") ?? "";
  // What says nothing and is no UTF-8 is most likely an old page of the West.
  const isWrong = label === "utf-8" && text.includes("\uFFFD");
  return isWrong ? (decode(bytes, "windows-1252") ?? text) : text;
}

function byMark([first, second, third]: Uint8Array): string | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return null;
}

const charsetIn = (text: string): string | null =>
  /(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)/i.exec(text)?.[1] ?? null;

const beginning = (bytes: Uint8Array): string =>
  Buffer.from(bytes.subarray(0, SNIFFED_BYTES)).toString("latin1");

function decode(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    // A label that nobody knows.
    return null;
  }
}
