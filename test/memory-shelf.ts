import type { BackupShelf } from "../src/core/backup.ts";

/** A shelf in memory, and what lies on it. */
export function createMemoryShelf(): BackupShelf & { readonly all: Map<string, Uint8Array> } {
  const all = new Map<string, Uint8Array>();
  return {
    all,
    async put(name, content) {
      all.set(name, content);
    },
    get: async (name) => all.get(name) ?? null,
    names: async (prefix) => [...all.keys()].filter((name) => name.startsWith(prefix)).toSorted(),
    async remove(name) {
      all.delete(name);
    },
  };
}
