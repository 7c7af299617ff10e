import { unzipSync } from "fflate";
import { refuse } from "./refuse.ts";

const MB = 1_024 * 1_024;
const MAX_ENTRIES = 2_000;
/** Of one entry, and of all that are read. A workbook of a million cells has some 50 MB. */
const MAX_ENTRY_BYTES = 64 * MB;
const MAX_ALL_BYTES = 128 * MB;
/** What people write packs some 5 to 50 times smaller; only what was made to hurt goes beyond this. */
const MAX_RATIO = 300;
/** So small that no ratio harms. */
const FREE_BYTES = MB;

export interface ZipEntry {
  readonly name: string;
  readonly sizeBytes: number;
}

export interface Zip {
  readonly entries: readonly ZipEntry[];
  /** null when there is none of that name. Refuses what unfolds to too much. */
  readonly read: (name: string) => Uint8Array | null;
}

/**
 * An archive in memory. What it says of its sizes bounds what is unfolded: an entry gets a buffer of exactly that size,
 * and what lies beyond it is dropped.
 */
export function openZip(bytes: Uint8Array): Zip {
  const packed = new Map<string, { readonly size: number; readonly originalSize: number }>();
  unzip(bytes, ({ name, size, originalSize }) => {
    // Reading by name unfolds every entry of that name, and the sizes of one alone would be looked at.
    if (packed.has(name)) refuse("it holds two files of one name");
    packed.set(name, { size, originalSize });
    if (packed.size > MAX_ENTRIES) refuse(`it holds more than ${MAX_ENTRIES} files`);
    return false;
  });
  let unfolded = 0;
  return {
    entries: [...packed].map(([name, { originalSize }]) => ({ name, sizeBytes: originalSize })),
    read(name) {
      const entry = packed.get(name);
      if (!entry) return null;
      const { size, originalSize } = entry;
      unfolded += originalSize;
      const isBomb = originalSize > FREE_BYTES && originalSize > size * MAX_RATIO;
      if (isBomb || originalSize > MAX_ENTRY_BYTES || unfolded > MAX_ALL_BYTES)
        refuse("it unfolds to far more than it seems");
      return Object.values(unzip(bytes, (found) => found.name === name))[0] ?? null;
    },
  };
}

type Filter = NonNullable<NonNullable<Parameters<typeof unzipSync>[1]>["filter"]>;

function unzip(bytes: Uint8Array, filter: Filter): Record<string, Uint8Array> {
  return unzipSync(bytes, { filter });
}
