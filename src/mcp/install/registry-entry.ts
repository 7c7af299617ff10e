import { z } from "zod";
import type { McpNeed } from "../../core/mcp-install.ts";
import { plain } from "./draft.ts";
import { variableTrouble } from "./environment.ts";

/** https://github.com/modelcontextprotocol/registry/blob/main/docs/reference/api/openapi.yaml */
const input = z.looseObject({
  name: z.string().nullish(),
  description: z.string().nullish(),
  isRequired: z.boolean().nullish(),
  isSecret: z.boolean().nullish(),
  value: z.string().nullish(),
  default: z.string().nullish(),
});
type Input = z.infer<typeof input>;
const variables = z.record(z.string(), input).nullish().catch(null);
const keyed = input.extend({ name: z.string(), variables });
const argument = input.extend({ type: z.string(), valueHint: z.string().nullish(), variables });
const transport = z.looseObject({
  type: z.string(),
  url: z.string().nullish(),
  headers: z.array(keyed).nullish(),
  variables,
});
const pack = z.looseObject({
  registryType: z.string(),
  identifier: z.string(),
  version: z.string().nullish(),
  transport,
  packageArguments: z.array(argument).nullish(),
  environmentVariables: z.array(keyed).nullish(),
});
const server = z.looseObject({
  name: z.string(),
  title: z.string().nullish().catch(null),
  description: z.string(),
  version: z.string(),
  repository: z.looseObject({ url: z.string().nullish() }).nullish().catch(null),
  packages: z.array(pack).nullish(),
  remotes: z.array(transport).nullish(),
});
/** Under which the official registry says what it knows itself. */
export const OFFICIAL = "io.modelcontextprotocol.registry/official";
const official = z
  .looseObject({
    status: z.string().nullish(),
    publishedAt: z.string().nullish(),
    isLatest: z.boolean().nullish(),
  })
  .nullish()
  .catch(null);
/** One server, at one version. */
export const entry = z.looseObject({
  server,
  _meta: z
    .looseObject({ [OFFICIAL]: official })
    .nullish()
    .catch(null),
});
export type RegistryEntry = z.infer<typeof entry>;
export type Package = z.infer<typeof pack>;
export type Transport = z.infer<typeof transport>;

export type PackageNeeds =
  | {
      readonly kind: "needs";
      readonly needs: readonly McpNeed[];
      readonly env: Readonly<Record<string, string>>;
      readonly args: readonly string[];
    }
  | { readonly kind: "refused"; readonly says: string };

/** Variables and arguments of a package, with `{NAME}` where a person's words go. */
export function needsOfPackage({ environmentVariables, packageArguments }: Package): PackageNeeds {
  const needs: McpNeed[] = [];
  const env: Record<string, string> = {};
  for (const each of environmentVariables ?? []) {
    const trouble = variableTrouble(each.name, each.value ?? each.default ?? "");
    if (trouble !== null)
      return {
        kind: "refused",
        says: `It asks for something that servers are not given: ${trouble}.`,
      };
    env[each.name] = each.value ?? `{${each.name}}`;
    needs.push(...(each.value == null ? [toNeed(each.name, each)] : needsOfVariables(each)));
  }
  const args = (packageArguments ?? []).flatMap((each, index) => {
    const name = each.name ?? each.valueHint ?? `argument_${index + 1}`;
    const key = name.replace(/\W+/g, "_").replace(/^_+/, "");
    const value = each.value ?? `{${key}}`;
    const isAsked = each.value == null && (each.isRequired === true || each.default != null);
    if (each.value == null && !isAsked) return [];
    needs.push(
      ...(each.value == null
        ? [toNeed(key, { ...each, isSecret: false })]
        : needsOfVariables(each)),
    );
    return each.type === "named" && each.name ? [`${each.name}=${value}`] : [value];
  });
  return { kind: "needs", needs, env, args };
}

/** What is asked for a template. */
export const needsOfVariables = ({
  variables: all,
}: {
  variables?: Readonly<Record<string, Input>> | null | undefined;
}) => Object.entries(all ?? {}).map(([name, each]) => toNeed(name, each));

/** As a person is asked. */
export const toNeed = (
  name: string,
  { description, isRequired, isSecret, default: fallback }: Input,
): McpNeed => ({
  name,
  description: plain(description ?? ""),
  isRequired: isRequired === true,
  isSecret: isSecret === true,
  fallback: fallback ?? null,
});
