import { realpath, stat } from "node:fs/promises";
import { resolve, sep } from "node:path";

export type FoundFolder =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "refused"; readonly why: string };

/**
 * The folder that is meant, as it really is (links followed), when it is `root` or lies within it. The same words for
 * what is not there and for what lies elsewhere: nobody learns what is on this machine.
 */
export async function folderWithin(root: string, said: string): Promise<FoundFolder> {
  const top = await realFolder(root);
  if (top === null)
    return refused(
      "The folder that CLAUDE_CODE_WORKDIR names is not there. Whoever runs me can make it.",
    );
  const path = await realFolder(resolve(top, said));
  const isWithin = path !== null && (path === top || path.startsWith(top + sep));
  return isWithin
    ? { kind: "folder", path }
    : refused("There is no such folder within the one where I may work.");
}

async function realFolder(path: string): Promise<string | null> {
  try {
    const real = await realpath(path);
    return (await stat(real)).isDirectory() ? real : null;
  } catch {
    return null; // Not there, or not for us to see.
  }
}

const refused = (why: string): FoundFolder => ({ kind: "refused", why });
