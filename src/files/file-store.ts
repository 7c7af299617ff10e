import { createHash } from "node:crypto";
import type { Blobs, FileIndex, FileStore, StoredFile } from "../core/files.ts";
import type { Log } from "../core/log.ts";
import type { Scope } from "../core/principal.ts";
import { safeName } from "./safe-name.ts";

const MAX_LISTED = 200;
/** Files of one name that are looked at when a newer one comes. */
const MAX_NAMESAKES = 100;
const MAX_TYPE_CHARS = 100;

const REMOVED = "The file was removed while it was saved";

interface Deps {
  readonly index: FileIndex;
  readonly blobs: Blobs;
  /** A new UUID. */
  readonly createId: () => string;
  readonly log: Log;
}

export interface FileLimits {
  readonly maxFileBytes: number;
  readonly quotaBytes: number;
}

/**
 * Rows in the database, bytes beside it. A row comes before its bytes and goes after them, so that whatever dies in
 * between, there are no bytes that nobody knows of: what was to be forgotten is. Where bytes could not be put, they may
 * lie there all the same, so the row stays until the clearing takes both, an hour later; until then it counts towards
 * the person's quota.
 */
export function createFileStore(deps: Deps, limits: FileLimits): FileStore {
  const { index, blobs, createId, log } = deps;

  async function removeAll(scope: Scope, files: readonly StoredFile[]): Promise<number> {
    const own = files.filter(({ owner }) => owner === scope.principal.userId);
    for (const { id } of own) await blobs.remove(id);
    if (own.length > 0)
      await index.remove(
        scope,
        own.map(({ id }) => id),
      );
    return own.length;
  }

  return {
    forgetAll: async (scope) => removeAll(scope, await index.own(scope)),

    async save(scope, { name: given, contentType, content, origin }) {
      const { maxFileBytes, quotaBytes } = limits;
      if (content.length > maxFileBytes) return { kind: "too-large", maxBytes: maxFileBytes };
      const id = createId();
      const name = safeName(given);
      const type = /^[\w.+/-]+(; ?charset=[\w-]+)?$/.test(contentType)
        ? contentType.slice(0, MAX_TYPE_CHARS)
        : "application/octet-stream";
      const row = { id, name, contentType: type, sizeBytes: content.length, origin };
      const isAdded = await index.add(scope, { ...row, sha256: sha256Of(content) }, quotaBytes);
      if (!isAdded) return { kind: "full", quotaBytes };
      await blobs.put(id, content);
      if (!(await index.arrived(scope, id))) {
        // Its row may be gone already, and then nobody else knows of the bytes.
        await blobs.remove(id);
        throw new Error(REMOVED);
      }
      const namesakes = await index.find(scope, { by: "name", name }, MAX_NAMESAKES);
      const file = namesakes.find((each) => each.id === id);
      if (!file) throw new Error(REMOVED);
      await removeAll(
        scope,
        namesakes.filter((each) => each.id !== id && each.savedAt <= file.savedAt),
      );
      return { kind: "saved", file };
    },

    list: (scope) => index.find(scope, null, MAX_LISTED),

    async read(scope, key) {
      const [file] = await index.find(scope, key, 1);
      if (!file) return null;
      const content = await blobs.get(file.id);
      if (content === null) return null;
      if (sha256Of(content) === file.sha256) return { file, content };
      log.error({ fileId: file.id }, "file-damaged");
      return null;
    },

    async remove(scope, key) {
      const found = await index.find(scope, key, MAX_NAMESAKES);
      return (await removeAll(scope, found)) > 0;
    },
  };
}

const sha256Of = (content: Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");
