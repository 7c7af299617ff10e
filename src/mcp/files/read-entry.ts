import { z } from "zod";
import type { McpLaunch } from "../../core/mcp.ts";
import { headerTrouble, variableTrouble } from "../install/environment.ts";
import { toName } from "../install/to-name.ts";

/** A server as a file wants it. */
export interface FileServer {
  readonly name: string;
  readonly displayName: string;
  readonly launch: McpLaunch;
  readonly secrets: ReadonlyMap<string, string>;
  readonly isEnabled: boolean;
  readonly isHotReload: boolean;
  readonly timeoutMs: number;
}

export type FileEntry =
  | { readonly kind: "server"; readonly server: FileServer }
  | { readonly kind: "problem"; readonly says: string };

const texts = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()]).transform(String),
);
/** As the original, Claude Desktop, VS Code and others write it. */
const common = z.looseObject({
  command: z.string().nullish(),
  args: z.array(z.union([z.string(), z.number()]).transform(String)).nullish(),
  cwd: z.string().nullish(),
  env: texts.nullish(),
  serverUrl: z.string().nullish(),
  url: z.string().nullish(),
  httpUrl: z.string().nullish(),
  type: z.string().nullish(),
  transport: z.string().nullish(),
  headers: texts.nullish(),
  disabled: z.boolean().nullish(),
  enabled: z.boolean().nullish(),
  display_name: z.string().nullish(),
  hot_reload: z.boolean().nullish(),
  timeout: z.number().nullish(),
});
type Common = z.infer<typeof common>;
const extra = z.looseObject({
  display_name: z.string().nullish(),
  enabled: z.boolean().nullish(),
  transport: z.string().nullish(),
  timeout: z.number().nullish(),
});
const several = z.union([
  z.looseObject({ mcpServers: z.record(z.string(), z.unknown()), _metadata: extra.nullish() }),
  z
    .looseObject({ servers: z.record(z.string(), z.unknown()) })
    .transform(({ servers }) => ({ mcpServers: servers, _metadata: null })),
]);
const single = z.looseObject({ name: z.string().nullish(), command: z.string() });

const DEFAULT_TIMEOUT_MS = 60_000;
const MAX_TIMEOUT_MS = 600_000;
/** The original wrote seconds, others milliseconds: nobody waits ten minutes, nor a tenth of a second. */
const MS_FROM = 1_000;

/** All servers of one file, in the original's format or the one that most clients share. `fallback`: a name for one without. */
export function readFileEntries(
  text: string,
  fallback: string,
  variables: Readonly<Record<string, string>>,
): readonly FileEntry[] {
  const json = parsed(text);
  if (json === undefined) return [problem("it is no JSON")];
  const many = several.safeParse(json);
  if (many.success) {
    const { mcpServers, _metadata: meta } = many.data;
    return Object.entries(mcpServers).map(([name, raw]) =>
      toEntry(name, raw, variables, meta ?? {}),
    );
  }
  const one = single.safeParse(json);
  return one.success
    ? [toEntry(one.data.name ?? fallback, json, variables, {})]
    : [problem("it has neither `mcpServers` nor `command`")];
}

const problem = (says: string): FileEntry => ({ kind: "problem", says });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined; // Told as what it is.
  }
}

function toEntry(
  called: string,
  raw: unknown,
  variables: Readonly<Record<string, string>>,
  meta: z.infer<typeof extra>,
): FileEntry {
  const name = toName(called);
  if (name === null) return problem("a server has no name of letters and digits");
  const read = common.safeParse(raw);
  if (!read.success)
    return problem(
      `\`${name}\` is not written as a server is: ${read.error.issues[0]?.path.join(".") ?? ""}`,
    );
  const found = { ...read.data, transport: read.data.transport ?? meta.transport };
  const filled = fillAll(found, variables);
  if ("says" in filled) return problem(`\`${name}\`: ${filled.says}`);
  const launch = toLaunch(found, filled);
  if (launch === null) return problem(`\`${name}\` names neither a program nor an address`);
  const wrong = troubleWith(launch, filled.values);
  if (wrong !== null) return problem(`\`${name}\`: ${wrong}`);
  const timeout = found.timeout ?? meta.timeout;
  return {
    kind: "server",
    server: {
      name,
      displayName: found.display_name ?? meta.display_name ?? called,
      launch,
      secrets: filled.values,
      isEnabled: (found.disabled ?? false) === false && (found.enabled ?? meta.enabled ?? true),
      isHotReload: found.hot_reload ?? false,
      timeoutMs:
        timeout == null
          ? DEFAULT_TIMEOUT_MS
          : Math.min(timeout < MS_FROM ? timeout * 1_000 : timeout, MAX_TIMEOUT_MS),
    },
  };
}

interface FilledIn {
  /** Of variables or headers: all of them are kept sealed, since nobody says which hold a key. */
  readonly values: ReadonlyMap<string, string>;
  readonly args: readonly string[];
}

const PLACE = /\$\{(?:env:)?([A-Za-z_]\w*)\}/g;

/** `${NAME}` stands for a variable that the operator named; all others are told, and nothing is guessed. */
function fillAll(
  { env, headers, args, command }: Common,
  variables: Readonly<Record<string, string>>,
): FilledIn | { readonly says: string } {
  const missing = new Set<string>();
  const fill = (text: string) =>
    text.replace(PLACE, (whole, name: string) => {
      const value = variables[name];
      if (value === undefined) missing.add(name);
      return value ?? whole;
    });
  const templates = Object.entries((command ? env : headers) ?? {});
  const values = new Map(templates.map(([name, value]) => [name, fill(value)]));
  if (missing.size > 0)
    return {
      says: `it wants ${[...missing].map((name) => `\`${name}\``).join(", ")}, which is not set or not named in MCP_FILE_VARIABLES`,
    };
  if ((args ?? []).some((arg) => /\$\{(?:env:)?[A-Za-z_]\w*\}/.test(arg)))
    return {
      says: "`${...}` is for `env` and `headers`; in arguments every program on this machine could read it",
    };
  return { values, args: args ?? [] };
}

function toLaunch(
  { command, cwd, serverUrl, url, httpUrl, type, transport }: Common,
  { values, args }: FilledIn,
): McpLaunch | null {
  if (command)
    return {
      kind: "stdio",
      command,
      args,
      cwd: cwd ?? null,
      env: {},
      secretEnv: [...values.keys()],
      isolation: "process",
    };
  const address = serverUrl ?? httpUrl ?? url;
  if (!address || !URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    return null;
  const isSse = type === "sse" || transport === "sse";
  return {
    kind: "http",
    url: new URL(address).href,
    transport: isSse ? "sse" : "streamable-http",
    headers: {},
    secretHeaders: [...values.keys()],
    // Whoever stands in a file for everybody is signed in to by each alone, unless a header does it.
    auth: values.size > 0 ? "none" : "person",
  };
}

function troubleWith(launch: McpLaunch, values: ReadonlyMap<string, string>): string | null {
  const check = launch.kind === "stdio" ? variableTrouble : headerTrouble;
  for (const [name, value] of values) {
    const trouble = check(name, value);
    if (trouble !== null) return trouble;
  }
  return null;
}
