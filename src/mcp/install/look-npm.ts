import { z } from "zod";
import type { McpNeed } from "../../core/mcp-install.ts";
import { ask, inPath } from "./ask.ts";
import {
  ageWords,
  daysBetween,
  drafted,
  nodeLaunch,
  plain,
  refused,
  YOUNG_DAYS,
  type Drafted,
  type LookDeps,
  type Manner,
} from "./draft.ts";
import { likeKnown } from "./known-packages.ts";
import { engineTrouble } from "./engine.ts";
import { ciWords, lockWords } from "./npm-words.ts";

/** Of one package with all its versions; some hold tens of megabytes. */
const MAX_PACKUMENT_BYTES = 40 * 1024 * 1024;
/** Unpacked, of the package alone. */
const MAX_PACKAGE_BYTES = 300 * 1024 * 1024;
const NEW_PACKAGE_DAYS = 30;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const person = z.union([z.string(), z.looseObject({ name: z.string().nullish() })]);
const version = z.looseObject({
  version: z.string(),
  description: z.string().nullish().catch(null),
  mcpName: z.string().nullish().catch(null),
  bin: z
    .union([z.string(), z.record(z.string(), z.string())])
    .nullish()
    .catch(null),
  deprecated: z.union([z.string(), z.boolean()]).nullish(),
  engines: z.looseObject({ node: z.string().nullish() }).nullish().catch(null),
  repository: z
    .union([z.string(), z.looseObject({ url: z.string().nullish() })])
    .nullish()
    .catch(null),
  scripts: z.record(z.string(), z.string()).nullish().catch(null),
  hasInstallScript: z.boolean().nullish().catch(null),
  dependencies: z.record(z.string(), z.string()).nullish().catch(null),
  dist: z.looseObject({
    integrity: z.string().nullish(),
    unpackedSize: z.number().nullish(),
  }),
});
const packument = z.looseObject({
  name: z.string(),
  "dist-tags": z.record(z.string(), z.string()).catch({}),
  versions: z.record(z.string(), z.unknown()).catch({}),
  time: z.record(z.string(), z.unknown()).catch({}),
  maintainers: z.array(person).nullish().catch(null),
});

type Packument = z.infer<typeof packument>;
type Version = z.infer<typeof version>;

/** What is known of a package from elsewhere. */
export interface NpmMore {
  readonly needs?: readonly McpNeed[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface NpmFound {
  readonly kind: "found";
  readonly package: string;
  readonly version: string;
  readonly integrity: string;
  readonly before: string;
  readonly manifest: Version;
  readonly facts: readonly (readonly [string, string])[];
  readonly risks: readonly string[];
}

/** A package of npm as a server. */
export async function lookNpm(
  deps: LookDeps,
  wanted: { readonly package: string; readonly version: string | null },
  manner: Manner,
  more: NpmMore,
  signal: AbortSignal,
): Promise<Drafted & { readonly mcpName?: string | null }> {
  const found = await findPackage(deps, wanted, signal);
  if (found.kind === "refused") return found;
  const file = programOf(found.manifest, found.package);
  if (file === null)
    return refused(
      `\`${found.package}\` brings no program that could be started, so it is no server. Is it the right package?`,
    );
  const launch = nodeLaunch(`node_modules/${found.package}/${file}`, manner);
  const { package: name, version: exact, integrity, before } = found;
  const draft = drafted({
    calls: name,
    displayName: name,
    source: { kind: "npm", package: name, version: exact, integrity, before },
    launch: launch.kind === "stdio" ? { ...launch, env: more.env ?? {} } : launch,
    needs: more.needs ?? [],
    description: plain(found.manifest.description ?? ""),
    facts: found.facts,
    risks: found.risks,
    commands: [
      lockWords({ package: name, version: exact, before }, deps.upstreams.npm),
      ciWords(deps.upstreams.npm),
      ["node", ...(launch.kind === "stdio" ? launch.args : [])],
    ],
  });
  return { ...draft, mcpName: found.manifest.mcpName ?? null };
}

/** The package at one version, with what npm knows of both. */
export async function findPackage(
  { fetch, now, upstreams }: Pick<LookDeps, "fetch" | "now" | "upstreams">,
  wanted: { readonly package: string; readonly version: string | null },
  signal: AbortSignal,
): Promise<NpmFound | Extract<Drafted, { kind: "refused" }>> {
  const url = `${upstreams.npm}/${wanted.package.startsWith("@") ? `@${inPath(wanted.package.slice(1))}` : inPath(wanted.package)}`;
  const asked = await ask(
    fetch,
    url,
    packument,
    { who: "npm", maxBytes: MAX_PACKUMENT_BYTES },
    signal,
  );
  if (asked.kind === "failed") return no(asked.says);
  if (asked.kind === "missing")
    return no(`npm has no package \`${wanted.package}\`. Look at how it is spelt.`);
  const all = asked.value;
  if (all.name !== wanted.package) return no("npm answered with another package. Try again later.");
  const exact = pick(all, wanted.version);
  if (exact === null) return no(noSuchVersion(all, wanted));
  const manifest = version.safeParse(all.versions[exact]);
  if (!manifest.success || !/^sha(?:512|384|256|1)-/.test(manifest.data.dist.integrity ?? ""))
    return no(
      `npm does not say how \`${wanted.package}@${exact}\` can be checked, so it is not taken.`,
    );
  const trouble = troubleWith(manifest.data);
  if (trouble !== null) return no(trouble);
  const published = dateOf(all, exact);
  return {
    kind: "found",
    package: all.name,
    version: exact,
    integrity: manifest.data.dist.integrity ?? "",
    before: beforeOf(published, now()).toISOString(),
    manifest: manifest.data,
    facts: factsOf(all, manifest.data, published, now()),
    risks: risksOf(all, manifest.data, published, now()),
  };
}

const no = (says: string) => ({ kind: "refused", says }) as const;

/** An exact version, a tag, or the highest that begins so. Previews only when they are asked for. */
function pick(all: Packument, wanted: string | null): string | null {
  const tag = all["dist-tags"][wanted ?? "latest"];
  const exact = tag ?? wanted;
  if (exact === null) return null;
  if (Object.hasOwn(all.versions, exact)) return exact;
  if (!/^\d+(?:\.\d+)?$/.test(exact)) return null;
  const matching = Object.keys(all.versions).filter(
    (each) => each.startsWith(`${exact}.`) && /^\d+\.\d+\.\d+$/.test(each),
  );
  return matching.toSorted(byNumbers).at(-1) ?? null;
}

function byNumbers(one: string, other: string): number {
  const [left, right] = [one.split(".").map(Number), other.split(".").map(Number)];
  const at = left.findIndex((value, index) => value !== right[index]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

function noSuchVersion(
  all: Packument,
  { package: name, version: wanted }: { package: string; version: string | null },
): string {
  if (Object.keys(all.versions).length === 0)
    return `\`${name}\` was taken back: npm has no version of it any more.`;
  if (wanted !== null && wanted in all.time)
    return `\`${name}@${wanted}\` was taken back by npm or its makers: that is mostly done for a reason. Newest: ${all["dist-tags"]["latest"] ?? "unknown"}.`;
  return `\`${name}\` has no version \`${wanted ?? "latest"}\`. Newest: ${all["dist-tags"]["latest"] ?? "unknown"}.`;
}

function troubleWith({ dist, engines }: Version): string | null {
  if ((dist.unpackedSize ?? 0) > MAX_PACKAGE_BYTES)
    return `It is larger than ${MAX_PACKAGE_BYTES / 1024 / 1024} MB, which no server has to be.`;
  return engineTrouble(engines?.node ?? null, process.versions.node);
}

/** Nothing it needs is taken that is younger than a week, unless the package itself is. */
function beforeOf(published: Date | null, now: Date): Date {
  // By the day, so that what is shown is the same for as long as somebody thinks about it.
  const aWeekAgo = Math.floor(now.getTime() / DAY_MS - YOUNG_DAYS) * DAY_MS;
  const own = published === null ? 0 : published.getTime() + MINUTE_MS;
  return new Date(Math.max(aWeekAgo, own));
}

function dateOf(all: Packument, key: string): Date | null {
  const at = all.time[key];
  const date = typeof at === "string" ? new Date(at) : null;
  return date === null || Number.isNaN(date.getTime()) ? null : date;
}

function factsOf(all: Packument, manifest: Version, published: Date | null, now: Date) {
  const names = (all.maintainers ?? []).map((each) =>
    typeof each === "string" ? each.replace(/\s*<.*$/, "") : (each.name ?? ""),
  );
  const created = dateOf(all, "created");
  const bytes = manifest.dist.unpackedSize;
  const needs = Object.keys(manifest.dependencies ?? {}).length;
  return [
    ["Package", `${all.name}@${manifest.version}`],
    ["Integrity", manifest.dist.integrity ?? ""],
    ["Published", published === null ? "npm does not say" : ageWords(published, now)],
    ["Package since", created === null ? "npm does not say" : ageWords(created, now)],
    ["Maintainers", plain(names.filter((name) => name !== "").join(", ")) || "npm does not say"],
    ["Repository", repositoryOf(manifest) ?? "none named"],
    [
      "Size",
      `${bytes == null ? "not said" : `${Math.ceil(bytes / 1024)} kB`}, ${needs} direct dependencies`,
    ],
    ["Downloads", "not known: npm's registry does not say"],
  ] as const;
}

function repositoryOf({ repository }: Version): string | null {
  const url = typeof repository === "string" ? repository : repository?.url;
  return url ? plain(url.replace(/^git\+/, "").replace(/\.git$/, "")) : null;
}

function risksOf(
  all: Packument,
  manifest: Version,
  published: Date | null,
  now: Date,
): readonly string[] {
  const risks: string[] = [];
  const like = likeKnown(all.name);
  if (like !== null) risks.push(`Its name looks like \`${like}\`, and it is another package.`);
  if (published !== null && daysBetween(published, now) < YOUNG_DAYS)
    risks.push(
      `This version is younger than ${YOUNG_DAYS} days: packages that were taken over are mostly found out within days.`,
    );
  const created = dateOf(all, "created");
  if (created !== null && daysBetween(created, now) < NEW_PACKAGE_DAYS)
    risks.push(`The package is younger than ${NEW_PACKAGE_DAYS} days.`);
  if (manifest.deprecated)
    risks.push(
      `Its makers call it deprecated${typeof manifest.deprecated === "string" ? `: "${plain(manifest.deprecated)}"` : "."}`,
    );
  if (hasInstallScripts(manifest))
    risks.push("It brings install scripts. They are not run; it may not work without them.");
  if (repositoryOf(manifest) === null)
    risks.push("It names no repository, so nobody can compare it with its source.");
  if (manifest.dist.integrity?.startsWith("sha1-")) risks.push("Its integrity is only SHA-1.");
  return risks;
}

const hasInstallScripts = ({ hasInstallScript, scripts }: Version): boolean =>
  hasInstallScript === true ||
  ["preinstall", "install", "postinstall"].some((name) => Object.hasOwn(scripts ?? {}, name));

/** The file of its program: the only one, or the one that is called as the package is, or the only one for MCP. */
function programOf({ bin }: Version, name: string): string | null {
  const bare = name.split("/").at(-1) ?? name;
  const all = typeof bin === "string" ? { [bare]: bin } : (bin ?? {});
  const names = Object.keys(all);
  const mcp = names.filter((each) => each.includes("mcp"));
  const chosen =
    names.length === 1
      ? names[0]
      : (names.find((each) => each === bare) ?? (mcp.length === 1 ? mcp[0] : undefined));
  const file = (chosen === undefined ? "" : (all[chosen] ?? "")).replace(/^\.\//, "");
  return isFileWithin(file) ? file : null;
}

/** Relative, and within. */
export const isFileWithin = (file: string): boolean =>
  file !== "" &&
  file.length <= 300 &&
  /^[A-Za-z0-9_@+./-]+$/.test(file) &&
  !file.startsWith("/") &&
  file.split("/").every((piece) => piece !== "" && piece !== "." && piece !== "..");
