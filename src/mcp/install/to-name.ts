const MAX_CHARS = 32;

/** `@scope/mcp-server-files` is `files`, `my-notes` is `my_notes`; null when nothing is left. */
export function toName(called: string): string | null {
  const last = called
    .toLowerCase()
    .split("/")
    .findLast((piece) => piece !== "" && !/^(?:mcp|server)$/.test(piece));
  const bare = (last ?? called.toLowerCase())
    .replace(/^@/, "")
    .replace(/^(?:mcp-server-|server-|mcp-)/, "")
    .replace(/(?:-mcp-server|-server|-mcp)$/, "");
  const name = bare
    .replace(/[^a-z0-9]+/g, "_")
    // Two of them part a server's name from its tool's.
    .replace(/_{2,}/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, MAX_CHARS)
    .replace(/_+$/, "");
  return /^[a-z]/.test(name) ? name : null;
}
