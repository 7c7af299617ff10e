import { z } from "zod";

/** Raised when a copy is written in another way. */
export const FORMAT = 1;

const part = z.strictObject({
  /** Where it lies, below the copy's own folder. */
  name: z.string().max(200),
  table: z.string().max(200),
  columns: z.array(z.string().max(200)).max(500),
  rows: z.number().int().nonnegative(),
  sizeBytes: z.number().int().nonnegative(),
  /** Hexadecimal, of what lies there. */
  sha256: z.string().length(64),
});

const file = z.strictObject({
  id: z.string().max(200),
  sizeBytes: z.number().int().nonnegative(),
  sha256: z.string().length(64),
});

const manifest = z.object({
  format: z.literal(FORMAT),
  id: z.string(),
  /** Of the program that made it. */
  version: z.string(),
  madeAt: z.iso.datetime(),
  why: z.enum(["asked", "scheduled", "upgrade", "move"]),
  database: z.enum(["embedded", "server"]),
  migration: z.number(),
  hasSecrets: z.boolean(),
  parts: z.array(part),
  files: z.array(file),
  /** Files that had a row and no bytes, by id. */
  missingFiles: z.array(z.string()),
  settings: z.record(z.string(), z.string()),
});

/** What a copy holds. It is written last: without it there is no copy. */
export type Manifest = z.infer<typeof manifest>;
export type Part = z.infer<typeof part>;

export const manifestName = (id: string): string => `${id}/manifest.json`;
/** Bytes of people's files are shared by the copies, named by what they hold. */
export const fileName = (sha256: string): string => `files/${sha256.slice(0, 2)}/${sha256}`;

/** Throws words that say what is the matter. */
export function readManifest(id: string, content: Uint8Array): Manifest {
  const text = new TextDecoder().decode(content);
  const read = manifest.safeParse(parse(text));
  if (!read.success || read.data.id !== id)
    throw new Error(
      `The copy ${id} cannot be read: its manifest.json is broken, or of a newer Clara.`,
    );
  return read.data;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // What is no JSON is no manifest either.
  }
}

/** `2026-11-25T22-30-00Z`, with a few letters so that two of one second differ. */
export const newBackupId = (now: Date, createId: () => string): string =>
  `${now.toISOString().slice(0, 19).replaceAll(":", "-")}Z-${createId().slice(0, 6)}`;

/** When it was made, by its name; null for names of other things. */
export function madeAtOf(id: string): Date | null {
  const [, day, hour, minute, second] =
    /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z-[0-9a-f]{6}$/.exec(id) ?? [];
  return day === undefined ? null : new Date(`${day}T${hour}:${minute}:${second}Z`);
}
