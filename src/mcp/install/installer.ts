import type { McpServerId, UserId } from "../../core/ids.ts";
import type {
  McpInstalled,
  McpInstaller,
  McpListing,
  McpOffer,
  McpPrograms,
} from "../../core/mcp-install.ts";
import { mcpSecretName, type McpLaunch, type McpOwner, type McpServers } from "../../core/mcp.ts";
import type { SecretStore } from "../../core/secrets.ts";
import { fillIn } from "./fill-in.ts";
import { FIRST_PARTY } from "./first-party.ts";
import { look, toListing, type LookParts } from "./look.ts";
import { searchRegistry } from "./look-registry.ts";
import { searchSmithery } from "./look-smithery.ts";
import { plain } from "./draft.ts";
import { presetOf } from "./presets.ts";

export interface InstallerDeps extends LookParts {
  readonly servers: Pick<McpServers, "add" | "remove">;
  readonly secrets: Pick<SecretStore, "put" | "remove">;
  readonly programs: Pick<McpPrograms, "remove">;
  /** Of presets' variables, as the environment has them. */
  readonly variables: Readonly<Record<string, string>>;
  readonly createId: () => McpServerId;
  /** Whoever runs the servers looks at the rows at once. */
  readonly poke: () => void;
  readonly refresh: (signal: AbortSignal) => Promise<string>;
  readonly adminsRunPrograms: boolean;
}

const TIMEOUT_MS = 60_000;
const MAX_QUERY_CHARS = 100;
const MAX_LISTED = 25;

export const createInstaller = (deps: InstallerDeps): McpInstaller => ({
  adminsRunPrograms: deps.adminsRunPrograms,
  look: (wish, mayUsePaths, signal) => look(deps, wish, mayUsePaths, signal),
  search: (query, signal) => search(deps, query.trim().slice(0, MAX_QUERY_CHARS), signal),
  known: (offer, owner) => Object.keys(valuesOf(deps, offer, owner)),
  offered: () => deps.presets.filter(({ variables }) => isSet(deps, variables)).map(toListing),
  install: (offer, owner, by, values) =>
    install(deps, offer, owner, by, { ...values, ...valuesOf(deps, offer, owner) }),
  async uninstall(id) {
    const isGone = await deps.servers.remove(id);
    deps.poke();
    await deps.programs.remove(id);
    return isGone;
  },
  refresh: deps.refresh,
});

const isSet = (
  { variables }: Pick<InstallerDeps, "variables">,
  names: readonly string[],
): boolean => names.length > 0 && names.every((name) => variables[name] !== undefined);

/** The operator's keys are for what is the operator's. */
function valuesOf(
  deps: InstallerDeps,
  { preset: name }: McpOffer,
  owner: McpOwner,
): Readonly<Record<string, string>> {
  const preset = name === null || owner.kind !== "operator" ? null : presetOf(deps.presets, name);
  if (preset === null || !isSet(deps, preset.variables)) return {};
  return Object.fromEntries(
    preset.needs.flatMap((need) => {
      const value = deps.variables[need.name];
      return value === undefined ? [] : [[need.name, value]];
    }),
  );
}

async function install(
  deps: InstallerDeps,
  offer: McpOffer,
  owner: McpOwner,
  by: UserId,
  values: Readonly<Record<string, string>>,
): Promise<McpInstalled> {
  const filled = fillIn(offer, values);
  if (filled.kind === "refused") return filled;
  const id = deps.createId();
  for (const [name, value] of filled.secrets)
    await deps.secrets.put(owner, mcpSecretName(id, name), value);
  const isAdded = await deps.servers.add({
    id,
    owner,
    name: offer.name,
    displayName: offer.displayName,
    source: offer.source,
    launch: withSignIn(filled.launch, owner),
    isEnabled: true,
    isHotReload: false,
    origin: Object.keys(valuesOf(deps, offer, owner)).length > 0 ? "preset" : "command",
    installedBy: by,
    timeoutMs: TIMEOUT_MS,
  });
  if (isAdded) {
    deps.poke();
    return { kind: "installed", id };
  }
  for (const name of filled.secrets.keys())
    await deps.secrets.remove(owner, mcpSecretName(id, name));
  return {
    kind: "refused",
    says: `There is a server \`${offer.name}\` already, or as many as there may be. Give it another \`name\`, or take one away with \`/mcp uninstall\`.`,
  };
}

/** What several people use, each signs in to alone: the credentials of one never serve another. */
const withSignIn = (launch: McpLaunch, owner: McpOwner): McpLaunch =>
  launch.kind === "http" && launch.auth === "owner" && owner.kind !== "person"
    ? { ...launch, auth: "person" }
    : launch;

async function search(deps: InstallerDeps, query: string, signal: AbortSignal) {
  const [registry, smithery] = await Promise.all([
    searchRegistry(deps, query, signal),
    searchSmithery(deps, query, signal),
  ]);
  const words = query.toLowerCase();
  const isMeant = ({ source, title, description }: McpListing) =>
    `${source} ${title} ${description}`.toLowerCase().includes(words);
  const own: McpListing[] = [
    ...deps.presets.map(toListing),
    ...FIRST_PARTY.map((name) => ({
      source: name,
      title: name,
      description: "Ships with me",
      from: "first-party" as const,
    })),
  ];
  const listings: McpListing[] = [
    ...own.filter(isMeant),
    ...(registry.kind === "found" ? registry.value : []).map(({ server }) => ({
      source: server.name,
      title: plain(server.title ?? server.name),
      description: plain(server.description),
      from: "registry" as const,
    })),
    ...(smithery.kind === "found" ? smithery.value : []).map((each) => ({
      source: `smithery-hosted:${each.qualifiedName}`,
      title: plain(each.displayName ?? each.qualifiedName),
      description: plain(each.description ?? ""),
      from: "smithery" as const,
    })),
  ];
  return {
    listings: listings.slice(0, MAX_LISTED),
    problems: [registry, smithery].flatMap((asked) =>
      asked.kind === "failed" ? [asked.says] : [],
    ),
  };
}
