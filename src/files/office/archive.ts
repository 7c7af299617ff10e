import { decodeText } from "../decode-text.ts";
import { kindOf } from "../kinds.ts";
import { plainName } from "../plain-name.ts";
import { openZip, type Zip, type ZipEntry } from "./zip.ts";

const MAX_LISTED = 200;
const MAX_TEXTS = 20;
const MAX_TEXT_BYTES = 1_024 * 1_024;

/** What an archive holds, by name and size, and the texts in it as far as there is room. Nothing is written anywhere. */
export function readArchive(bytes: Uint8Array, maxChars: number): string {
  const zip = openZip(bytes);
  const files = zip.entries.filter(({ name }) => !name.endsWith("/"));
  const listed = files
    .slice(0, MAX_LISTED)
    .map(({ name, sizeBytes }) => `- ${plainName(name)}, ${sizeBytes} bytes`);
  const rest = files.length - listed.length;
  const list = [
    `[archive; ${files.length} ${files.length === 1 ? "file" : "files"}]`,
    ...listed,
    ...(rest > 0 ? [`[${rest} more files left out]`] : []),
  ].join("\n");
  return [list, ...textsOf(zip, files, maxChars - list.length)].join("\n\n");
}

function textsOf(zip: Zip, files: readonly ZipEntry[], maxChars: number): readonly string[] {
  const texts = files.filter(
    ({ name, sizeBytes }) =>
      kindOf(name, null) === "text" && sizeBytes > 0 && sizeBytes <= MAX_TEXT_BYTES,
  );
  const shown: string[] = [];
  let left = maxChars;
  for (const { name } of texts.slice(0, MAX_TEXTS)) {
    const text = wordsOf(zip, name);
    if (text.length > left) break;
    left -= text.length;
    shown.push(text);
  }
  const leftOut = texts.length - shown.length;
  return leftOut > 0 ? [...shown, `[${leftOut} of the texts in it left out]`] : shown;
}

function wordsOf(zip: Zip, name: string): string {
  try {
    const text = decodeText(zip.read(name) ?? new Uint8Array());
    return text === null
      ? `[${plainName(name)} holds no text]`
      : `[in the archive: ${plainName(name)}]\n${text}`;
  } catch {
    // Broken or sealed with a password: the others may be fine.
    return `[${plainName(name)} cannot be opened: it is broken, or has a password]`;
  }
}
