import { z } from "zod";
import type { ToolOutput } from "../../core/tool.ts";

export const TIMEOUT_MS = 30_000;
/** A tool's arguments are written by a model: more than it can write. */
const MAX_CONTENT_CHARS = 1_000_000;

export const filename = z.string().min(1).max(300).describe("The file's name");
export const content = z.string().max(MAX_CONTENT_CHARS).describe("What the file holds");

/** Texts only: a model writes nothing else. The content type by the ending. */
export function textTypeOf(name: string): string {
  const ending = name.split(".").at(-1)?.toLowerCase() ?? "";
  return `${TYPES[ending] ?? "text/plain"}; charset=utf-8`;
}

const TYPES: Readonly<Record<string, string>> = {
  md: "text/markdown",
  csv: "text/csv",
  json: "application/json",
  html: "text/html",
  xml: "application/xml",
};

export const noSuchFile = (name: string): ToolOutput => ({
  text: `There is no file named ${JSON.stringify(name)} that may be read here. list_local_files gives the names.`,
  isError: true,
});

export const inWords = (bytes: number): string =>
  bytes < 1_024 ? `${bytes} bytes` : `${(bytes / 1_024).toFixed(1)} kB`;
