import { z } from "zod";
import { ask, inPath } from "./ask.ts";
import {
  ageWords,
  daysBetween,
  drafted,
  nodeLaunch,
  plain,
  refused,
  type Drafted,
  type LookDeps,
  type Manner,
} from "./draft.ts";
import { engineTrouble } from "./engine.ts";
import { cloneWords } from "./git-words.ts";
import { isFileWithin } from "./look-npm.ts";
import { ciWords } from "./npm-words.ts";

const WHO = "GitHub";
const MAX_TREE_BYTES = 20 * 1024 * 1024;
const MAX_REPOSITORY_BYTES = 200 * 1024 * 1024;
const NEW_REPOSITORY_DAYS = 30;
const SYMLINK = "120000";
const SUBMODULE = "160000";

/** https://docs.github.com/en/rest */
const repository = z.looseObject({
  full_name: z.string(),
  description: z.string().nullish(),
  created_at: z.string().nullish(),
  pushed_at: z.string().nullish(),
  archived: z.boolean().nullish(),
  fork: z.boolean().nullish(),
  stargazers_count: z.number().nullish(),
  default_branch: z.string(),
  license: z.looseObject({ spdx_id: z.string().nullish() }).nullish(),
});
const commit = z.looseObject({ sha: z.string().regex(/^[0-9a-f]{40}$/) });
const tree = z.looseObject({
  truncated: z.boolean().nullish(),
  tree: z.array(
    z.looseObject({
      path: z.string(),
      mode: z.string(),
      type: z.string(),
      size: z.number().nullish(),
    }),
  ),
});
const content = z.looseObject({ content: z.string(), encoding: z.literal("base64") });
const manifest = z.looseObject({
  name: z.string().nullish().catch(null),
  private: z.boolean().nullish().catch(null),
  description: z.string().nullish().catch(null),
  bin: z
    .union([z.string(), z.record(z.string(), z.string())])
    .nullish()
    .catch(null),
  main: z.string().nullish().catch(null),
  engines: z.looseObject({ node: z.string().nullish() }).nullish().catch(null),
  dependencies: z.record(z.string(), z.string()).nullish().catch(null),
  scripts: z.record(z.string(), z.string()).nullish().catch(null),
});

type Tree = z.infer<typeof tree>["tree"];
type Manifest = z.infer<typeof manifest>;

interface Wanted {
  readonly repository: string;
  readonly ref: string | null;
  readonly subfolder: string | null;
}

/** A repository at one commit, as it is: what would have to be built first is not taken. */
export async function lookGithub(
  deps: LookDeps,
  wanted: Wanted,
  manner: Manner,
  signal: AbortSignal,
): Promise<Drafted> {
  const get = <Schema extends z.ZodType>(path: string, schema: Schema) =>
    ask(
      deps.fetch,
      `${deps.upstreams.github}/repos/${wanted.repository}${path}`,
      schema,
      {
        who: WHO,
        maxBytes: MAX_TREE_BYTES,
        headers: {
          accept: "application/vnd.github+json",
          "x-github-api-version": "2022-11-28",
          ...(deps.githubToken === null ? {} : { authorization: `Bearer ${deps.githubToken}` }),
        },
      },
      signal,
    );
  const about = await get("", repository);
  if (about.kind === "failed") return refused(about.says);
  if (about.kind === "missing")
    return refused(`GitHub has no \`${wanted.repository}\`, or does not show it to everybody.`);
  const at = await get(`/commits/${inPath(wanted.ref ?? about.value.default_branch)}`, commit);
  if (at.kind === "failed") return refused(at.says);
  if (at.kind === "missing")
    return refused(`\`${wanted.repository}\` has no \`${wanted.ref ?? ""}\`.`);
  const files = await get(`/git/trees/${at.value.sha}?recursive=1`, tree);
  if (files.kind !== "found") return refused(files.kind === "failed" ? files.says : "It is empty.");
  const trouble = troubleWith(files.value.tree, files.value.truncated === true);
  if (trouble !== null) return refused(trouble);
  const within = wanted.subfolder === null ? "" : `${wanted.subfolder}/`;
  const has = (file: string) =>
    files.value.tree.some(
      ({ path, type, mode }) => type === "blob" && mode !== SYMLINK && path === within + file,
    );
  if (!has("package.json")) return refused(noPackage(wanted, files.value.tree, within));
  const raw = await get(
    `/contents/${(within + "package.json").split("/").map(inPath).join("/")}?ref=${at.value.sha}`,
    content,
  );
  const read = raw.kind === "found" ? manifest.safeParse(toJson(raw.value.content)) : null;
  if (!read?.success) return refused("Its package.json cannot be read.");
  const file = programOf(read.data, has);
  if (file === null) return refused(notBuilt(read.data));
  const engine = engineTrouble(read.data.engines?.node ?? null, process.versions.node);
  if (engine !== null) return refused(engine);
  const hasNeeds = Object.keys(read.data.dependencies ?? {}).length > 0;
  const hasLock = has("package-lock.json");
  if (hasNeeds && !hasLock)
    return refused(
      `It needs other packages and has no package-lock.json that says exactly which.${onNpm(read.data)}`,
    );
  const { sha } = at.value;
  const launch = nodeLaunch(file, manner);
  return drafted({
    calls: (wanted.subfolder ?? wanted.repository).split("/").at(-1) ?? wanted.repository,
    displayName: wanted.repository,
    source: {
      kind: "github",
      repository: wanted.repository,
      commit: sha,
      subfolder: wanted.subfolder,
    },
    launch,
    needs: [],
    description: plain(about.value.description ?? read.data.description ?? ""),
    facts: factsOf(about.value, sha, wanted, deps.now()),
    risks: risksOf(about.value, wanted, deps.now()),
    commands: [
      ...cloneWords(`https://github.com/${wanted.repository}.git`, sha),
      ...(hasNeeds ? [ciWords(deps.upstreams.npm)] : []),
      ["node", ...(launch.kind === "stdio" ? launch.args : [])],
    ],
  });
}

function toJson(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, "base64").toString("utf8"));
  } catch {
    return undefined; // The schema says that it cannot be read.
  }
}

function troubleWith(files: Tree, isTruncated: boolean): string | null {
  const bytes = files.reduce((sum, { size }) => sum + (size ?? 0), 0);
  if (isTruncated || bytes > MAX_REPOSITORY_BYTES)
    return `The repository is larger than ${MAX_REPOSITORY_BYTES / 1024 / 1024} MB, which no server has to be.`;
  if (files.some(({ mode }) => mode === SUBMODULE))
    return "It is put together from other repositories (submodules); those are not fetched.";
  return null;
}

function noPackage({ repository: name, subfolder }: Wanted, files: Tree, within: string): string {
  const folders = files
    .filter(
      ({ path }) =>
        path.endsWith("/package.json") &&
        path.startsWith(within) &&
        !path.includes("node_modules/"),
    )
    .map(({ path }) => path.slice(0, -"/package.json".length));
  if (folders.length > 0)
    return `\`${name}\` holds several packages. Say which: ${folders
      .slice(0, 10)
      .map((each) => `\`${name}/${plain(each)}\``)
      .join(", ")}.`;
  if (files.some(({ path }) => /(?:^|\/)(?:pyproject\.toml|setup\.py)$/.test(path)))
    return "It is written in Python. I run Node.js programs, Docker images, and servers on the web: look for its image or its address with `/mcp search`.";
  return `\`${name}${subfolder === null ? "" : `/${subfolder}`}\` has no package.json, so it is no program that I could start.`;
}

function programOf({ bin, main }: Manifest, has: (file: string) => boolean): string | null {
  const all = typeof bin === "string" ? [bin] : Object.values(bin ?? {});
  const files = [...all, main ?? ""].map((file) => file.replace(/^\.\//, "")).filter(isFileWithin);
  return files.find((file) => has(file) && /\.[cm]?js$/.test(file)) ?? null;
}

const notBuilt = (read: Manifest): string =>
  `Its program is not in the repository: it would have to be built first, which would run what its makers wrote before anybody has agreed to it.${onNpm(read)}`;

const onNpm = ({ name, private: isPrivate }: Manifest): string =>
  name && isPrivate !== true
    ? ` Built, it may be on npm: \`npm:${plain(name)}\` (see there whose it is).`
    : "";

function factsOf(
  {
    created_at: created,
    pushed_at: pushed,
    stargazers_count: stars,
    license,
  }: z.infer<typeof repository>,
  sha: string,
  { repository: name, subfolder, ref }: Wanted,
  now: Date,
): readonly (readonly [string, string])[] {
  return [
    ["Repository", `github.com/${name}${subfolder === null ? "" : `, folder ${subfolder}`}`],
    ["Commit", `${sha}${ref === null ? "" : ` (${ref})`}`],
    ["Since", created ? ageWords(new Date(created), now) : "GitHub does not say"],
    ["Last change", pushed ? ageWords(new Date(pushed), now) : "GitHub does not say"],
    ["Stars", stars == null ? "not said" : String(stars)],
    ["Licence", plain(license?.spdx_id ?? "none named")],
  ];
}

function risksOf(
  { created_at: created, archived, fork }: z.infer<typeof repository>,
  { ref }: Wanted,
  now: Date,
): readonly string[] {
  return [
    ...(created && daysBetween(new Date(created), now) < NEW_REPOSITORY_DAYS
      ? [`The repository is younger than ${NEW_REPOSITORY_DAYS} days.`]
      : []),
    ...(archived ? ["Its makers have given it up (archived)."] : []),
    ...(fork ? ["It is a copy (fork) of somebody else's repository."] : []),
    ...(ref === null ? ["No commit was named: the newest is taken, and kept."] : []),
  ];
}
