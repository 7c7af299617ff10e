import { z } from "zod";
import type { McpNeed } from "../../core/mcp-install.ts";
import { ask, inPath, type Asked } from "./ask.ts";
import {
  drafted,
  nodeLaunch,
  plain,
  refused,
  type Drafted,
  type LookDeps,
  type Manner,
} from "./draft.ts";
import { findPackage } from "./look-npm.ts";
import { ciWords, lockWords } from "./npm-words.ts";

const CLI = "@smithery/cli";
const CLI_FILE = `node_modules/${CLI}/dist/index.js`;
const WHO = "Smithery";
const MAX_LISTED = 20;

/** https://smithery.ai/docs/api-reference/servers */
const connection = z.looseObject({
  type: z.string(),
  deploymentUrl: z.string().nullish(),
  configSchema: z
    .looseObject({
      properties: z
        .record(
          z.string(),
          z
            .looseObject({
              type: z.unknown().optional(),
              description: z.string().nullish(),
              default: z.unknown().optional(),
            })
            .catch({ type: null, default: undefined }),
        )
        .nullish(),
      required: z.array(z.string()).nullish(),
    })
    .nullish()
    .catch(null),
});
const detail = z.looseObject({
  qualifiedName: z.string(),
  displayName: z.string().nullish(),
  description: z.string().nullish(),
  deploymentUrl: z.string().nullish(),
  connections: z.array(connection).nullish().catch(null),
  security: z.looseObject({ scanPassed: z.boolean().nullish() }).nullish().catch(null),
  tools: z.array(z.unknown()).nullish().catch(null),
});
const listed = z.looseObject({
  qualifiedName: z.string(),
  displayName: z.string().nullish(),
  description: z.string().nullish(),
  useCount: z.number().nullish(),
  verified: z.boolean().nullish(),
});
const list = z.looseObject({ servers: z.array(listed) });

type Detail = z.infer<typeof detail>;

/** A server that Smithery runs: reached on the web, after a sign-in there. */
export async function lookSmitheryHosted(
  deps: LookDeps,
  name: string,
  signal: AbortSignal,
): Promise<Drafted> {
  const asked = await detailOf(deps, name, signal);
  if (asked.kind === "failed") return refused(asked.says);
  if (asked.kind === "missing") return refused(noneOf(name));
  const url = `${deps.upstreams.smitheryHosted}/${name}`;
  return drafted({
    ...about(name, asked.value),
    source: { kind: "smithery-hosted", name },
    launch: {
      kind: "http",
      url,
      transport: "streamable-http",
      headers: {},
      secretHeaders: [],
      auth: "owner",
    },
    needs: [],
    facts: [
      ...factsOf(name, asked.value),
      ["Address", url],
      ["Sign-in", "at Smithery, with /mcp oauth_start"],
    ],
    commands: [],
  });
}

/** A server that runs here, started by Smithery's own program, which fetches it: what that fetches is not pinned. */
export async function lookSmithery(
  deps: LookDeps,
  name: string,
  manner: Manner,
  signal: AbortSignal,
): Promise<Drafted> {
  const asked = await detailOf(deps, name, signal);
  if (asked.kind === "failed") return refused(asked.says);
  if (asked.kind === "missing") return refused(noneOf(name));
  const found = asked.value;
  if (!found.connections?.some(({ type }) => type === "stdio"))
    return refused(
      `\`${name}\` does not run here, only at Smithery: say \`smithery-hosted:${name}\`.`,
    );
  const cli = await findPackage(deps, { package: CLI, version: null }, signal);
  if (cli.kind === "refused") return cli;
  const needs = needsOf(found);
  const config = needs.length === 0 ? [] : ["--config", configOf(needs)];
  const launch = nodeLaunch(CLI_FILE, {
    ...manner,
    args: ["run", name, ...config, ...manner.args],
  });
  if (needs.some((need) => need.isSecret))
    return refused(
      `\`${name}\` takes its keys on its command line (${needs.map((need) => `\`${need.name}\``).join(", ")}), where every program on this machine can read them. Take \`smithery-hosted:${name}\`, or its npm package.`,
    );
  return drafted({
    ...about(name, found),
    source: {
      kind: "smithery",
      name,
      cliVersion: cli.version,
      cliIntegrity: cli.integrity,
      before: cli.before,
    },
    launch:
      launch.kind === "stdio"
        ? { ...launch, env: { SMITHERY_API_KEY: "{SMITHERY_API_KEY}" } }
        : launch,
    needs: [SMITHERY_KEY, ...needs],
    facts: [
      ...factsOf(name, found),
      ["Started by", `${CLI}@${cli.version}`],
      ["Its integrity", cli.integrity],
    ],
    risks: [
      ...about(name, found).risks,
      "Smithery's program fetches the server itself when it starts: only that program is pinned, not what it fetches.",
      ...cli.risks,
    ],
    commands: [
      lockWords(cli, deps.upstreams.npm),
      ciWords(deps.upstreams.npm),
      ["node", ...(launch.kind === "stdio" ? launch.args : [])],
    ],
  });
}

const SMITHERY_KEY: McpNeed = {
  name: "SMITHERY_API_KEY",
  description: "Your key of Smithery, from https://smithery.ai/account/api-keys",
  isRequired: true,
  isSecret: true,
  fallback: null,
};

/** Of servers that answer to these words. */
export async function searchSmithery(
  deps: Pick<LookDeps, "fetch" | "upstreams" | "smitheryKey">,
  query: string,
  signal: AbortSignal,
): Promise<Asked<readonly z.infer<typeof listed>[]>> {
  const parameters = new URLSearchParams({ q: query, page: "1", pageSize: String(MAX_LISTED) });
  const url = `${deps.upstreams.smithery}/servers?${parameters.toString()}`;
  const asked = await ask(deps.fetch, url, list, { who: WHO, headers: keyOf(deps) }, signal);
  return asked.kind === "found"
    ? { ...asked, value: asked.value.servers.slice(0, MAX_LISTED) }
    : asked;
}

const detailOf = (deps: LookDeps, name: string, signal: AbortSignal) =>
  ask(
    deps.fetch,
    `${deps.upstreams.smithery}/servers/${name.split("/").map(inPath).join("/")}`,
    detail,
    { who: WHO, headers: keyOf(deps) },
    signal,
  );

const keyOf = ({ smitheryKey }: Pick<LookDeps, "smitheryKey">): Readonly<Record<string, string>> =>
  smitheryKey === null ? {} : { authorization: `Bearer ${smitheryKey}` };

const noneOf = (name: string): string =>
  `Smithery has no \`${name}\`. \`/mcp search\` looks for it.`;

const about = (name: string, { displayName, description, security }: Detail) => ({
  calls: name,
  displayName: plain(displayName ?? name),
  description: plain(description ?? ""),
  risks:
    security?.scanPassed === false ? ["Smithery's own scan found something wrong with it."] : [],
});

const factsOf = (
  name: string,
  { security, tools }: Detail,
): readonly (readonly [string, string])[] => [
  ["Smithery", name],
  [
    "Smithery's scan",
    security?.scanPassed == null ? "none" : security.scanPassed ? "passed" : "failed",
  ],
  ["Tools", tools ? String(tools.length) : "not said"],
  ["Version, maintainers, age", "Smithery does not say"],
];

function needsOf({ connections }: Detail): readonly McpNeed[] {
  const schema = connections?.find(({ type }) => type === "stdio")?.configSchema;
  return Object.entries(schema?.properties ?? {}).map(
    ([name, { description, default: fallback }]) => ({
      name,
      description: plain(description ?? ""),
      isRequired: schema?.required?.includes(name) ?? false,
      isSecret: /key|token|secret|password|credential/i.test(name),
      fallback:
        fallback === undefined || fallback === null ? null : String(fallback as string | number),
    }),
  );
}

const configOf = (needs: readonly McpNeed[]): string =>
  `{${needs.map(({ name }) => `${JSON.stringify(name)}:"{${name}}"`).join(",")}}`;
