import type { McpServerId } from "../../core/ids.ts";
import type { McpPrograms } from "../../core/mcp-install.ts";
import { mcpSecretName, type McpServer, type McpServers } from "../../core/mcp.ts";
import type { SecretStore } from "../../core/secrets.ts";
import { canonicalJson } from "../../lib/canonical-json.ts";
import type { FileServer } from "./read-entry.ts";
import type { ReadFiles } from "./read-files.ts";

export interface InStepDeps {
  readonly servers: Pick<McpServers, "changed" | "add" | "change" | "remove">;
  readonly secrets: Pick<SecretStore, "get" | "put" | "remove">;
  readonly programs: Pick<McpPrograms, "remove">;
  readonly createId: () => McpServerId;
}

export interface InStep {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly problems: readonly string[];
}

type Wanted = FileServer & { readonly file: string };

const OWNER = { kind: "operator" } as const;

/**
 * Rows follow the files: what is new comes, what differs is changed, what is gone goes. What is unreadable changes nothing
 * of what was read from it before.
 */
export async function keepInStep(
  deps: InStepDeps,
  folder: string,
  read: ReadFiles,
): Promise<InStep> {
  const rows = (await deps.servers.changed(null))?.servers ?? [];
  const own = rows.filter(({ origin, owner }) => origin === "file" && owner.kind === "operator");
  const problems = [...read.problems];
  let [added, changed, removed] = [0, 0, 0];
  for (const wanted of read.servers) {
    const row = own.find(({ name }) => name === wanted.name);
    if (row) changed += (await bringUp(deps, folder, row, wanted)) ? 1 : 0;
    else if (await add(deps, folder, wanted)) added += 1;
    else
      problems.push(
        `${wanted.file}: there is another server \`${wanted.name}\`, or as many as there may be`,
      );
  }
  const isBroken = read.problems.length > 0;
  for (const row of own) {
    // A file that cannot be read at the moment is no reason to forget keys and what was agreed to.
    if (isBroken || read.servers.some(({ name }) => name === row.name)) continue;
    await deps.servers.remove(row.id);
    await deps.programs.remove(row.id);
    removed += 1;
  }
  return { added, changed, removed, problems };
}

const sourceOf = (folder: string, { file, launch }: Wanted): McpServer["source"] =>
  launch.kind === "http"
    ? { kind: "url", url: launch.url }
    : { kind: "path", path: `${folder}/${file}` };

async function add(deps: InStepDeps, folder: string, wanted: Wanted): Promise<boolean> {
  const id = deps.createId();
  const { name, displayName, launch, isEnabled, isHotReload, timeoutMs } = wanted;
  await putSecrets(deps, id, wanted);
  const isAdded = await deps.servers.add({
    id,
    owner: OWNER,
    name,
    displayName,
    source: sourceOf(folder, wanted),
    launch,
    isEnabled,
    isHotReload,
    origin: "file",
    installedBy: null,
    timeoutMs,
  });
  if (!isAdded)
    for (const secret of wanted.secrets.keys())
      await deps.secrets.remove(OWNER, mcpSecretName(id, secret));
  return isAdded;
}

/** True when something differed. A server that somebody switched off stays off. */
async function bringUp(
  deps: InStepDeps,
  folder: string,
  row: McpServer,
  wanted: Wanted,
): Promise<boolean> {
  const haveChanged = await putSecrets(deps, row.id, wanted);
  const { displayName, launch, isHotReload, timeoutMs } = wanted;
  const next = {
    displayName,
    source: sourceOf(folder, wanted),
    launch,
    isHotReload,
    timeoutMs,
    isEnabled: row.isEnabled && wanted.isEnabled,
  };
  const {
    displayName: title,
    source,
    launch: before,
    isHotReload: hot,
    timeoutMs: timeout,
    isEnabled,
  } = row;
  const now = {
    displayName: title,
    source,
    launch: before,
    isHotReload: hot,
    timeoutMs: timeout,
    isEnabled,
  };
  if (!haveChanged && canonicalJson(now) === canonicalJson(next)) return false;
  await deps.servers.change(row.id, next);
  return true;
}

async function putSecrets(
  { secrets }: InStepDeps,
  id: McpServerId,
  wanted: Wanted,
): Promise<boolean> {
  let haveChanged = false;
  for (const [name, value] of wanted.secrets) {
    const known = await secrets.get(OWNER, mcpSecretName(id, name));
    if (known.kind === "found" && known.secret.reveal() === value) continue;
    await secrets.put(OWNER, mcpSecretName(id, name), value);
    haveChanged = true;
  }
  return haveChanged;
}
