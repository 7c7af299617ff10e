/** What bytes are by how they begin; null for what is neither a picture nor a sound that is shown as one. */
export function kindOf(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 16)).toString(
    "latin1",
  );
  const is = (start: string, at = 0) => head.startsWith(start, at);
  if (is("\x89PNG\r\n\x1a\n")) return "image/png";
  if (is("\xff\xd8\xff")) return "image/jpeg";
  if (is("GIF87a") || is("GIF89a")) return "image/gif";
  if (is("RIFF") && is("WEBP", 8)) return "image/webp";
  if (is("RIFF") && is("WAVE", 8)) return "audio/wav";
  if (is("OggS")) return "audio/ogg";
  if (is("fLaC")) return "audio/flac";
  if (is("ID3") || /^\xff[\xfb\xf3\xf2]/.test(head)) return "audio/mpeg";
  return null;
}
