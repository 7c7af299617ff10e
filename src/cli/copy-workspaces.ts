import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { sandboxPersonOf } from "../core/sandbox-owner.ts";
import type { Scope } from "../core/principal.ts";
import { safeName } from "../files/index.ts";
import { createWorkspaceStore } from "../sandbox/index.ts";

const OWNER_ONLY = { mode: 0o600 } as const;

/**
 * What is kept in the sandboxes of one person on this machine, as it is now. Programs chose the names: each file is
 * numbered, and a list says where it lay. Gives how many.
 */
export async function copyWorkspaces(
  { sandbox }: Pick<Config, "sandbox">,
  scope: Scope,
  folder: string,
): Promise<number> {
  if (sandbox === null) return 0;
  const store = createWorkspaceStore(sandbox.dir);
  const lines: string[] = [];
  const target = join(folder, "workspaces");
  for (const owner of await store.ownersOf(sandboxPersonOf(scope))) {
    const [now] = await store.snapshots(owner);
    for (const { path, hash } of now?.entries ?? []) {
      await mkdir(target, { recursive: true, mode: 0o700 });
      const name = `${lines.length + 1}-${safeName(path)}`;
      await writeFile(join(target, name), await store.bytes(owner, hash), OWNER_ONLY);
      lines.push(JSON.stringify({ name, place: owner, path }));
    }
  }
  if (lines.length > 0)
    await writeFile(join(target, "list.jsonl"), `${lines.join("\n")}\n`, OWNER_ONLY);
  return lines.length;
}
