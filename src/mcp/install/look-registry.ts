import { z } from "zod";
import type { McpLaunch } from "../../core/mcp.ts";
import { ask, inPath, type Asked } from "./ask.ts";
import {
  ageWords,
  daysBetween,
  drafted,
  plain,
  refused,
  YOUNG_DAYS,
  type Draft,
  type Drafted,
  type LookDeps,
  type Manner,
} from "./draft.ts";
import { headerTrouble } from "./environment.ts";
import { lookDocker } from "./look-docker.ts";
import { lookNpm } from "./look-npm.ts";
import {
  entry,
  needsOfPackage,
  needsOfVariables,
  OFFICIAL,
  toNeed,
  type Package,
  type PackageNeeds,
  type RegistryEntry,
  type Transport,
} from "./registry-entry.ts";

const list = z.looseObject({ servers: z.array(z.unknown()) });

const WHO = "The MCP registry";
const MAX_LISTED = 20;

/** A server of the official registry: its npm package, its image, or its address, in this order. */
export async function lookRegistry(
  deps: LookDeps,
  wanted: { readonly name: string; readonly version: string | null },
  manner: Manner,
  signal: AbortSignal,
): Promise<Drafted> {
  const asked = await entryOf(deps, wanted, signal);
  if (asked.kind === "failed") return refused(asked.says);
  if (asked.kind === "missing" || asked.value.server.name !== wanted.name)
    return refused(
      `The MCP registry has no \`${wanted.name}\`${wanted.version === null ? "" : ` of version ${wanted.version}`}.`,
    );
  const { server: found, _meta: meta } = asked.value;
  const about = meta?.[OFFICIAL];
  if (about?.status === "deleted")
    return refused(`\`${wanted.name}\` was taken out of the MCP registry.`);
  const inner = await innerOf(deps, found, manner, signal);
  return inner.kind === "refused"
    ? inner
    : drafted(described(inner.draft, asked.value, deps.now()));
}

/** What the registry says of a package that was found elsewhere, for the keys that it needs; null when it says nothing. */
export async function packageOf(
  deps: Pick<LookDeps, "fetch" | "upstreams">,
  name: string,
  identifier: string,
  signal: AbortSignal,
): Promise<PackageNeeds | null> {
  const asked = await entryOf(deps, { name, version: null }, signal);
  if (asked.kind !== "found") return null;
  const found = asked.value.server.packages?.find(
    (each) => each.registryType === "npm" && each.identifier === identifier,
  );
  return found ? needsOfPackage(found) : null;
}

/** Of servers whose name holds these words. */
export async function searchRegistry(
  { fetch, upstreams }: Pick<LookDeps, "fetch" | "upstreams">,
  query: string,
  signal: AbortSignal,
): Promise<Asked<readonly RegistryEntry[]>> {
  const parameters = new URLSearchParams({
    search: query,
    version: "latest",
    limit: String(MAX_LISTED),
  });
  const url = `${upstreams.registry}/v0.1/servers?${parameters.toString()}`;
  const asked = await ask(fetch, url, list, { who: WHO }, signal);
  if (asked.kind !== "found") return asked;
  const entries = asked.value.servers.flatMap((each) => entry.safeParse(each).data ?? []);
  return { ...asked, value: entries.slice(0, MAX_LISTED) };
}

function entryOf(
  { fetch, upstreams }: Pick<LookDeps, "fetch" | "upstreams">,
  { name, version }: { readonly name: string; readonly version: string | null },
  signal: AbortSignal,
) {
  const url = `${upstreams.registry}/v0.1/servers/${inPath(name)}/versions/${inPath(version ?? "latest")}`;
  return ask(fetch, url, entry, { who: WHO }, signal);
}

function described(draft: Draft, { server: found, _meta: meta }: RegistryEntry, now: Date): Draft {
  const about = meta?.[OFFICIAL];
  const published = about?.publishedAt ? new Date(about.publishedAt) : null;
  const isYoung = published !== null && daysBetween(published, now) < YOUNG_DAYS;
  return {
    ...draft,
    calls: found.name,
    displayName: plain(found.title ?? found.name),
    description: plain(found.description),
    facts: [
      [
        "MCP registry",
        `${found.name} ${found.version}, ${published === null ? "no date" : ageWords(published, now)}`,
      ],
      ...draft.facts,
    ],
    risks: [
      ...draft.risks,
      ...(about?.status === "deprecated" ? ["The MCP registry calls it deprecated."] : []),
      ...(isYoung ? [`This entry of the MCP registry is younger than ${YOUNG_DAYS} days.`] : []),
      ...(found.repository?.url ? [] : ["Its entry names no repository."]),
    ],
  };
}

async function innerOf(
  deps: LookDeps,
  { packages, remotes, name }: RegistryEntry["server"],
  manner: Manner,
  signal: AbortSignal,
): Promise<Drafted> {
  const local = packages?.filter((each) => each.transport.type === "stdio") ?? [];
  const npm = local.find((each) => each.registryType === "npm");
  if (npm) return ofNpm(deps, npm, manner, signal);
  const remote = remotes?.find((each) => each.type === "streamable-http") ?? remotes?.[0];
  if (remote) return ofRemote(remote, name);
  const image = local.find((each) => each.registryType === "oci");
  if (image) return ofImage(deps, image, manner, signal);
  const kinds = [...new Set((packages ?? []).map((each) => plain(each.registryType)))].join(", ");
  return refused(
    `\`${name}\` is there only as ${kinds || "nothing that can be started"}. I install npm packages and Docker images, and reach servers on the web.`,
  );
}

async function ofNpm(
  deps: LookDeps,
  found: Package,
  manner: Manner,
  signal: AbortSignal,
): Promise<Drafted> {
  const asked = needsOfPackage(found);
  if (asked.kind === "refused") return refused(asked.says);
  const wanted = { package: found.identifier, version: found.version ?? null };
  const own = manner.args.length > 0 ? manner.args : asked.args;
  return lookNpm(deps, wanted, { ...manner, args: own }, asked, signal);
}

async function ofImage(
  deps: LookDeps,
  found: Package,
  manner: Manner,
  signal: AbortSignal,
): Promise<Drafted> {
  const asked = needsOfPackage(found);
  if (asked.kind === "refused") return refused(asked.says);
  const [, image = "", tag = null, digest = null] =
    /^([^@]+?)(?::([\w.-]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(found.identifier) ?? [];
  const wanted = { image, tag: tag ?? found.version ?? null, digest };
  const own = manner.args.length > 0 ? manner.args : asked.args;
  const drawn = await lookDocker(deps, wanted, { ...manner, args: own }, signal);
  if (drawn.kind === "refused" || drawn.draft.launch.kind !== "stdio") return drawn;
  const { draft } = drawn;
  return drafted({
    ...draft,
    needs: asked.needs,
    launch: { ...drawn.draft.launch, env: asked.env },
  });
}

function ofRemote({ type, url, headers, variables: inUrl }: Transport, name: string): Drafted {
  const trouble = headers
    ?.map((each) => headerTrouble(each.name, ""))
    .find((each) => each !== null);
  if (trouble) return refused(`It asks for something that servers are not given: ${trouble}.`);
  if (!url || !/^https:\/\/[^{}\s/]+(?:\/\S*)?$/.test(url))
    return refused(`\`${name}\` names no address that begins with https:// and a host.`);
  const needs = [
    ...needsOfVariables({ variables: inUrl }),
    ...(headers ?? []).flatMap((each) =>
      each.value == null ? [toNeed(each.name, each)] : needsOfVariables(each),
    ),
  ];
  const launch: McpLaunch = {
    kind: "http",
    url,
    transport: type === "sse" ? "sse" : "streamable-http",
    headers: Object.fromEntries(
      (headers ?? []).map((each) => [each.name, each.value ?? `{${each.name}}`]),
    ),
    secretHeaders: [],
    auth: "none",
  };
  return drafted({
    calls: name,
    displayName: name,
    source: { kind: "url", url },
    launch,
    needs,
    description: "",
    facts: [["Address", url]],
    risks: [],
    commands: [],
  });
}
