import type { McpNeed, McpOffer } from "../../core/mcp-install.ts";
import type { McpLaunch } from "../../core/mcp.ts";
import { headerTrouble, variableTrouble } from "./environment.ts";

export type Filled =
  | {
      readonly kind: "filled";
      readonly launch: McpLaunch;
      /** By the variable's or header's name: what is kept sealed. */
      readonly secrets: ReadonlyMap<string, string>;
    }
  | { readonly kind: "refused"; readonly says: string };

type Values = Readonly<Record<string, string>>;

/**
 * Puts what a person entered where it belongs. Whatever holds a secret becomes a secret as a whole; what was left empty
 * and is not required is left out; values beyond the needs are more variables (headers, of a server on the web), and secret.
 */
export function fillIn(
  { launch, needs }: Pick<McpOffer, "launch" | "needs">,
  given: Values,
): Filled {
  const values = withFallbacks(needs, given);
  const missing = needs.filter(({ name, isRequired }) => isRequired && values[name] === undefined);
  if (missing.length > 0)
    return refused(`It needs ${missing.map(({ name }) => `\`${name}\``).join(", ")}.`);
  const secretNames = new Set(needs.filter(({ isSecret }) => isSecret).map(({ name }) => name));
  const more = Object.fromEntries(
    Object.entries(given).filter(
      ([name, value]) => value !== "" && !needs.some((need) => need.name === name),
    ),
  );
  const filled: Filling = { needs, values, secretNames, more };
  return launch.kind === "stdio" ? fillProgram(launch, filled) : fillAddress(launch, filled);
}

interface Filling {
  readonly needs: readonly McpNeed[];
  readonly values: Values;
  readonly secretNames: ReadonlySet<string>;
  readonly more: Values;
}

const refused = (says: string): Filled => ({ kind: "refused", says });

function withFallbacks(needs: readonly McpNeed[], given: Values): Values {
  return Object.fromEntries(
    needs.flatMap(({ name, fallback }) => {
      const value = given[name]?.trim() || fallback;
      return value === null || value === undefined ? [] : [[name, value]];
    }),
  );
}

function fillProgram(launch: Extract<McpLaunch, { kind: "stdio" }>, filling: Filling): Filled {
  const bare = launch.args.filter((arg) =>
    namesIn(arg, filling).some((name) => filling.secretNames.has(name)),
  );
  if (bare.length > 0)
    return refused(
      "It wants a secret on its command line, where every program on this machine can read it.",
    );
  const args = launch.args.flatMap((arg) => put(arg, filling, arg.startsWith('{"')) ?? []);
  const split = splitUp({ ...launch.env, ...asTemplates(filling.more) }, filling, variableTrouble);
  if ("says" in split) return refused(split.says);
  return {
    kind: "filled",
    launch: {
      ...launch,
      args,
      env: split.open,
      secretEnv: [...launch.secretEnv, ...split.secrets.keys()],
    },
    secrets: split.secrets,
  };
}

function fillAddress(launch: Extract<McpLaunch, { kind: "http" }>, filling: Filling): Filled {
  if (namesIn(launch.url, filling).some((name) => filling.secretNames.has(name)))
    return refused("It wants a secret in its address, which others may log.");
  const url = put(launch.url, encoded(filling), false);
  if (
    url === null ||
    !URL.canParse(url) ||
    new URL(url).origin !== new URL(launch.url.replace(/\{\w+\}/g, "x")).origin
  )
    return refused("Its address cannot be put together from that.");
  const split = splitUp(
    { ...launch.headers, ...asTemplates(filling.more) },
    filling,
    headerTrouble,
  );
  if ("says" in split) return refused(split.says);
  // A key that is sent takes the place of a sign-in.
  const auth = split.secrets.has("Authorization") ? "none" : launch.auth;
  return {
    kind: "filled",
    launch: {
      ...launch,
      url,
      auth,
      headers: split.open,
      secretHeaders: [...launch.secretHeaders, ...split.secrets.keys()],
    },
    secrets: split.secrets,
  };
}

const encoded = (filling: Filling): Filling => ({
  ...filling,
  values: Object.fromEntries(
    Object.entries(filling.values).map(([name, value]) => [name, encodeURIComponent(value)]),
  ),
});

/** Values that are no templates, told from those that are. */
const asTemplates = (more: Values): Readonly<Record<string, { readonly literal: string }>> =>
  Object.fromEntries(Object.entries(more).map(([name, literal]) => [name, { literal }]));

function splitUp(
  templates: Readonly<Record<string, string | { readonly literal: string }>>,
  filling: Filling,
  troubleWith: (name: string, value: string) => string | null,
) {
  const open: Record<string, string> = {};
  const secrets = new Map<string, string>();
  for (const [name, template] of Object.entries(templates)) {
    const value = typeof template === "string" ? put(template, filling, false) : template.literal;
    if (value === null) continue;
    const trouble = troubleWith(name, value);
    if (trouble !== null) return { says: `That cannot be taken: ${trouble}.` };
    const isSecret =
      typeof template !== "string" ||
      namesIn(template, filling).some((each) => filling.secretNames.has(each));
    if (isSecret) secrets.set(name, value);
    else open[name] = value;
  }
  return { open, secrets };
}

/** `{NAME}`; `{basic:NAME}` is what HTTP's Basic makes of a password without a user. */
const PLACE = /\{(basic:)?([A-Za-z_][\w-]*)\}/g;

const namesIn = (template: string, { needs }: Filling): readonly string[] =>
  [...template.matchAll(PLACE)]
    .map(([, , name = ""]) => name)
    .filter((name) => needs.some((need) => need.name === name));

/** null when a value that it asks for was left empty. */
function put(template: string, filling: Filling, isJson: boolean): string | null {
  const names = namesIn(template, filling);
  if (names.some((name) => filling.values[name] === undefined)) return null;
  return template.replace(PLACE, (whole, basic: string | undefined, name: string) => {
    const value = names.includes(name) ? filling.values[name] : undefined;
    if (value === undefined) return whole;
    if (basic !== undefined) return Buffer.from(`:${value}`).toString("base64");
    return isJson ? JSON.stringify(value).slice(1, -1) : value;
  });
}
