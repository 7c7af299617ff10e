import { mcpSecretName, type McpServer, type McpServers } from "../../core/mcp.ts";
import type { SecretStore } from "../../core/secrets.ts";
import { fillIn } from "./fill-in.ts";
import type { Preset } from "./presets.ts";

export interface KeepPresetsDeps {
  readonly servers: Pick<McpServers, "changed" | "change">;
  readonly secrets: Pick<SecretStore, "get" | "put">;
  readonly presets: readonly Preset[];
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Servers whose keys stand in the environment follow it: a key that is another is taken over, one that is gone switches its
 * server off. How many were changed.
 */
export async function keepPresets(deps: KeepPresetsDeps): Promise<number> {
  const rows = (await deps.servers.changed(null))?.servers ?? [];
  let changed = 0;
  for (const row of rows.filter(({ origin }) => origin === "preset")) {
    const preset = deps.presets.find((each) => isOf(each, row));
    if (preset && (await follow(deps, row, preset))) changed += 1;
  }
  return changed;
}

const isOf = ({ source: wanted }: Preset, { source }: McpServer): boolean =>
  (source.kind === "url" && source.url === wanted) ||
  (source.kind === "npm" && source.package === wanted);

async function follow(deps: KeepPresetsDeps, row: McpServer, preset: Preset): Promise<boolean> {
  const isSet = preset.variables.every((name) => deps.variables[name] !== undefined);
  if (!isSet) return row.isEnabled && (await deps.servers.change(row.id, { isEnabled: false }));
  let haveChanged = false;
  for (const [name, value] of secretsOf(deps, row, preset)) {
    const known = await deps.secrets.get(row.owner, mcpSecretName(row.id, name));
    if (known.kind === "found" && known.secret.reveal() === value) continue;
    await deps.secrets.put(row.owner, mcpSecretName(row.id, name), value);
    haveChanged = true;
  }
  return haveChanged && (await deps.servers.change(row.id, {}));
}

function secretsOf(
  { variables }: KeepPresetsDeps,
  { launch }: McpServer,
  { env, needs }: Preset,
): ReadonlyMap<string, string> {
  const template =
    launch.kind === "stdio" ? { ...launch, args: [], env } : { ...launch, headers: env };
  const values = Object.fromEntries(needs.map(({ name }) => [name, variables[name] ?? ""]));
  const filled = fillIn({ launch: template, needs }, values);
  return filled.kind === "filled" ? filled.secrets : new Map();
}
