import { lstat, opendir } from "node:fs/promises";
import { join } from "node:path";

/** Bytes of all files below a folder, links not followed; it stops counting beyond `enough`. What goes meanwhile counts as nothing. */
export async function folderBytes(folder: string, enough: number): Promise<number> {
  let total = 0;
  const open = [folder];
  for (let next = open.pop(); next !== undefined && total <= enough; next = open.pop()) {
    const within = await opendir(next).catch(() => null);
    if (within === null) continue;
    for await (const entry of within) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) open.push(path);
      else
        total += await lstat(path).then(
          ({ size }) => size,
          () => 0,
        );
    }
  }
  return total;
}
