import { laterFeature, laterNames } from "./config/later.ts";
import { toMcpInstall } from "./config/mcp-install.ts";
import { ConfigError, createProblemList } from "./config/problems.ts";
import { readVariables, tidy, type Env } from "./config/read.ts";
import { describeRooms } from "./config/rooms.ts";
import { secretFileNames, withSecretFiles } from "./config/secret-files.ts";
import type { Config } from "./config/shape.ts";
import { findMisspellings } from "./config/spelling.ts";
import { toConfig } from "./config/to-config.ts";
import { variables } from "./config/variables.ts";
import type { Variable } from "./config/variable.ts";
import { programVersion } from "./config/version.ts";

export { ConfigError } from "./config/problems.ts";
export { bannerOf } from "./config/banner.ts";
export type * from "./config/shape.ts";
export { programVersion } from "./config/version.ts";

/**
 * All that the environment says, checked. Reads nothing else, save the program's version and what files of secrets hold.
 * Throws ConfigError with everything that is wrong, and nothing else.
 */
export function loadConfig(env: Env): Config {
  const problems = createProblemList();
  const set = withSecretFiles(variables, tidy(env), problems);
  const values = readVariables(variables, set, problems);
  const config = toConfig(values, programVersion(), problems);
  if (problems.all().length > 0) throw new ConfigError(problems.all());
  const mcpInstall = toMcpInstall(values, set);
  return {
    ...config,
    mcpInstall,
    shown: shownIn(set),
    rooms: describeRooms(config),
    misspelt: findMisspellings(set.keys(), knownNames),
    unused: [...set.keys()].flatMap((name) => {
      const feature = laterFeature(name);
      return feature === null ? [] : [{ name, feature }];
    }),
    secrets: [...secretsIn(set), ...Object.values(mcpInstall.fileVariables)],
  };
}

const entries: readonly (readonly [string, Variable<unknown>])[] = Object.entries(variables);

const knownNames: ReadonlySet<string> = new Set([
  ...entries.flatMap(([name, { oldName }]) => (oldName === null ? [name] : [name, oldName])),
  ...secretFileNames(variables),
  ...laterNames,
]);

/** An address may hold a password, wherever it stands. */
function shownIn(set: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const shown = entries.flatMap(([name, { isSecret, setBy }]) => {
    const value = set.get(name);
    const isShown = !isSecret && setBy === "person" && value !== undefined && !value.includes("@");
    return isShown ? [[name, value] as const] : [];
  });
  return Object.fromEntries(shown);
}

/** Of the database's address also the password by itself, as it is in the address and as it is sent. */
function secretsIn(set: ReadonlyMap<string, string>): readonly string[] {
  const secrets = entries.flatMap(([name, { isSecret }]) =>
    isSecret ? (set.get(name) ?? []) : [],
  );
  const password = URL.parse(set.get("DATABASE_URL") ?? "")?.password ?? "";
  return password === "" ? secrets : [...secrets, password, decodeURIComponent(password)];
}
