import type { McpListing, McpLooked, McpNeed, McpOffer, McpWish } from "../../core/mcp-install.ts";
import type { McpIsolation } from "../../core/mcp.ts";
import { refused, type Draft, type Drafted, type LookDeps, type Manner } from "./draft.ts";
import { dockerWords } from "./docker-words.ts";
import { lookDocker } from "./look-docker.ts";
import { lookFirstParty } from "./look-first-party.ts";
import { lookGithub } from "./look-github.ts";
import { lookNpm } from "./look-npm.ts";
import { lookPath } from "./look-path.ts";
import { lookRegistry, packageOf } from "./look-registry.ts";
import { lookSmithery, lookSmitheryHosted } from "./look-smithery.ts";
import { lookUrl } from "./look-url.ts";
import { parseSource, type WantedSource } from "./parse-source.ts";
import { presetOf, type Preset } from "./presets.ts";
import { toName } from "./to-name.ts";

export interface LookParts extends LookDeps {
  readonly hasDocker: (signal: AbortSignal) => Promise<boolean>;
  readonly presets: readonly Preset[];
  /** What programs of npm and GitHub run in, in a container. */
  readonly nodeImage: string;
}

const KEYS = "Keys";
const MAX_ARGS = 30;
const MAX_ARG_CHARS = 500;
const NO_DOCKER =
  "There is no Docker here, so nothing can run in a container. Install Docker on the machine, or take a server that is on the web.";

/** What would be installed, as far as it can be known without running anything of it. */
export async function look(
  deps: LookParts,
  { source: written, name, isolation, args }: McpWish,
  mayUsePaths: boolean,
  signal: AbortSignal,
): Promise<McpLooked> {
  const parsed = parseSource(
    written,
    deps.presets.map((preset) => preset.name),
  );
  if (parsed.kind === "refused") return parsed;
  const { source } = parsed;
  if (source.kind === "path" && !mayUsePaths)
    return refusedWish("Only whoever runs me may name folders of this machine.");
  const trouble = argsTrouble(args);
  if (trouble !== null) return refusedWish(trouble);
  const hasDocker = await deps.hasDocker(signal);
  if ((isolation === "container" || source.kind === "docker") && !hasDocker)
    return refusedWish(NO_DOCKER);
  const wanted =
    isolation ?? (source.kind === "preset" ? presetOf(deps.presets, source.name)?.isolation : null);
  const manner = { args, isolation: wanted ?? (hasDocker ? "container" : "process") } as const;
  const drafts = await draftOf(deps, source, manner, signal);
  if (drafts.kind === "refused") return drafts;
  return named(inContainer(deps, withIsolation(drafts.draft, hasDocker)), name);
}

const refusedWish = (says: string): McpLooked => ({ kind: "refused", says });

/** They go to the program as they are; what could be something else to whoever reads the card is refused. */
function argsTrouble(args: readonly string[]): string | null {
  if (args.length > MAX_ARGS) return `More than ${MAX_ARGS} arguments are not taken.`;
  return args.some((arg) => arg.length > MAX_ARG_CHARS || /[\p{C}`]/u.test(arg))
    ? `An argument is longer than ${MAX_ARG_CHARS} characters, or holds a backtick or signs that cannot be seen.`
    : null;
}

async function draftOf(
  deps: LookParts,
  source: WantedSource,
  manner: Manner,
  signal: AbortSignal,
): Promise<Drafted> {
  switch (source.kind) {
    case "npm":
      return withNeeds(deps, await lookNpm(deps, source, manner, {}, signal), signal);
    case "smithery":
      return lookSmithery(deps, source.name, manner, signal);
    case "smithery-hosted":
      return lookSmitheryHosted(deps, source.name, signal);
    case "github":
      return lookGithub(deps, source, manner, signal);
    case "docker":
      return lookDocker(deps, source, manner, signal);
    case "path":
      return lookPath(source.path, manner);
    case "url":
      return lookUrl(deps, source.url, signal);
    case "registry":
      return lookRegistry(deps, source, manner, signal);
    case "first-party":
      return lookFirstParty(deps, source.name, manner.args);
    case "preset":
      return ofPreset(deps, source.name, manner, signal);
  }
}

/** A package may say what it is called in the MCP registry; there it says which keys it needs. */
async function withNeeds(
  deps: LookParts,
  looked: Drafted & { readonly mcpName?: string | null },
  signal: AbortSignal,
): Promise<Drafted> {
  if (looked.kind === "refused" || looked.draft.source.kind !== "npm") return looked;
  const { draft } = looked;
  const { package: name } = looked.draft.source;
  const said = looked.mcpName ? await packageOf(deps, looked.mcpName, name, signal) : null;
  if (said?.kind !== "needs" || draft.launch.kind !== "stdio")
    return {
      kind: "draft",
      draft: {
        ...draft,
        facts: [...draft.facts, [KEYS, "not known which it needs: its maker's page says it"]],
      },
    };
  const launch = { ...draft.launch, env: said.env };
  return {
    kind: "draft",
    draft: { ...draft, launch, needs: said.needs.filter(isOfEnv(said.env)) },
  };
}

const isOfEnv =
  (env: Readonly<Record<string, string>>) =>
  ({ name }: McpNeed): boolean =>
    Object.values(env).some((template) => template.includes(`{${name}}`));

/** A maker's own server: the preset knows its arguments and keys, the rest is looked up like any other. */
async function ofPreset(
  deps: LookParts,
  name: string,
  manner: Manner,
  signal: AbortSignal,
): Promise<Drafted> {
  const preset = presetOf(deps.presets, name);
  if (preset === null) return refused(`There is no preset \`${name}\`.`);
  const args = manner.args.length > 0 ? manner.args : preset.args;
  const inner = parseSource(preset.source);
  if (inner.kind === "refused" || inner.source.kind === "preset")
    return refused(`The preset \`${name}\` is broken.`);
  const looked =
    inner.source.kind === "url"
      ? addressOf(preset)
      : await draftOf(deps, inner.source, { ...manner, args }, signal);
  if (looked.kind === "refused") return looked;
  const { launch } = looked.draft;
  const env = preset.env;
  return {
    kind: "draft",
    draft: {
      ...looked.draft,
      calls: preset.name,
      preset: preset.name,
      displayName: preset.title,
      description: preset.description,
      needs: preset.needs,
      launch: launch.kind === "stdio" ? { ...launch, env } : { ...launch, headers: env },
      facts: [
        ["Preset", `${preset.title}: its maker's own server`],
        ...looked.draft.facts.filter(([label]) => label !== KEYS),
      ],
    },
  };
}

const addressOf = ({ name, title, source, auth }: Preset): Drafted => ({
  kind: "draft",
  draft: {
    calls: name,
    displayName: title,
    source: { kind: "url", url: source },
    launch: {
      kind: "http",
      url: source,
      transport: "streamable-http",
      headers: {},
      secretHeaders: [],
      auth,
    },
    needs: [],
    description: "",
    facts: [["Address", source]],
    risks: ["It runs elsewhere: its makers see what it is asked."],
    commands: [],
  },
});

/** What a process of its own may do is said, and what a container does not hold back. */
function withIsolation(draft: Draft, hasDocker: boolean): Draft {
  if (draft.launch.kind !== "stdio") return draft;
  const { isolation } = draft.launch;
  const isOurs = draft.source.kind === "first-party";
  const risk = isOurs ? null : RISK_OF[isolation];
  return {
    ...draft,
    facts: [
      ...draft.facts,
      [
        "Runs",
        isolation === "container" ? "in a container with limits" : "as a program of this machine",
      ],
    ],
    risks: [
      ...draft.risks,
      ...(risk === null || draft.source.kind === "path" ? [] : [risk]),
      ...(isolation === "process" && !hasDocker && !isOurs
        ? ["With Docker on this machine it would run in a container."]
        : []),
    ],
  };
}

/** The command that starts it is Docker's then; folders of this machine are told by what is in them. */
function inContainer({ nodeImage }: Pick<LookParts, "nodeImage">, draft: Draft): Draft {
  const { launch, source, commands } = draft;
  if (launch.kind !== "stdio" || launch.isolation !== "container" || launch.command !== "node")
    return draft;
  const within =
    source.kind === "github" && source.subfolder !== null ? `${source.subfolder}/` : "";
  const [file = "", ...args] = launch.args;
  const words = dockerWords({
    name: "clara-mcp-...",
    labels: {},
    image: nodeImage,
    args: ["node", `/srv/${within}${file}`, ...args],
    envNames: Object.keys(launch.env),
    mounts: [
      { from: "(its-program)", to: "/srv", isWritable: false },
      { from: "(its-own-folder)", to: "/work", isWritable: true },
    ],
    folder: "/work",
  });
  return { ...draft, commands: [...commands.slice(0, -1), words] };
}

const RISK_OF: Readonly<Record<McpIsolation, string>> = {
  process:
    "It runs with all rights of the user that I run as: it can read files and reach the network.",
  container:
    "It reaches the network from its container. It sees no files of this machine but its own.",
};

function named(draft: Draft, wanted: string | null): McpLooked {
  const { calls, preset = null, ...offer } = draft;
  const name = toName(wanted ?? calls);
  return name === null
    ? refusedWish(
        "Give it a name of small letters, digits and `_`, with a letter first: `name:my_files`.",
      )
    : { kind: "offer", offer: { ...offer, preset, name } satisfies McpOffer };
}

export const toListing = (preset: Preset): McpListing => ({
  source: preset.name,
  title: preset.title,
  description: preset.description,
  from: "preset",
});
