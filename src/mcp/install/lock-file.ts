import { readFile } from "node:fs/promises";
import { z } from "zod";
import { McpProblem } from "../../core/mcp-control.ts";

/** https://docs.npmjs.com/cli/configuring-npm/package-lock-json */
const lock = z.looseObject({
  lockfileVersion: z.number(),
  packages: z.record(
    z.string(),
    z.looseObject({
      version: z.string().nullish(),
      resolved: z.string().nullish(),
      integrity: z.string().nullish(),
      link: z.boolean().nullish(),
      inBundle: z.boolean().nullish(),
      dev: z.boolean().nullish(),
      devOptional: z.boolean().nullish(),
    }),
  ),
});

const MAX_LOCK_BYTES = 20 * 1024 * 1024;
const MAX_PACKAGES = 2_000;
const NPM = "https://registry.npmjs.org";

export interface Pinned {
  readonly package: string;
  readonly version: string;
  readonly integrity: string;
}

/**
 * Looks at what npm is about to fetch: every package from the registry, each with its integrity, and the pinned one as it
 * was agreed to. Throws McpProblem.
 */
export async function checkLockFile(
  file: string,
  registry: string,
  pinned: Pinned | null,
): Promise<void> {
  const text = await readFile(file, "utf8");
  const read = text.length > MAX_LOCK_BYTES ? null : lock.safeParse(parsed(text));
  if (!read?.success) throw refusal("its lock file cannot be read");
  const { packages } = read.data;
  const others = Object.entries(packages).filter(
    ([path, { dev, devOptional }]) => path !== "" && !dev && !devOptional,
  );
  if (others.length > MAX_PACKAGES) throw refusal(`it needs more than ${MAX_PACKAGES} packages`);
  const origins = new Set([new URL(registry).origin, NPM]);
  for (const [path, { resolved, integrity, link, inBundle }] of others) {
    if (!/^(?:node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/?)+$/.test(`${path}/`.replace(/\/\/$/, "/")))
      throw refusal(`\`${plain(path)}\` is no package's place`);
    if (inBundle === true) continue;
    if (
      link === true ||
      !resolved ||
      !URL.canParse(resolved) ||
      !origins.has(new URL(resolved).origin)
    )
      throw refusal(`\`${plain(path)}\` does not come from the registry`);
    if (!integrity) throw refusal(`\`${plain(path)}\` has no integrity to be checked by`);
  }
  if (pinned === null) return;
  const own = packages[`node_modules/${pinned.package}`];
  if (own?.version !== pinned.version || !own.integrity?.split(" ").includes(pinned.integrity))
    throw new McpProblem(
      "refused",
      `\`${pinned.package}@${pinned.version}\` is not what was agreed to: its integrity is another. Nothing was unpacked.`,
    );
}

const refusal = (why: string) => new McpProblem("refused", `What it needs is not taken: ${why}.`);
const plain = (text: string) => text.replace(/[^\w@./-]/g, "").slice(0, 100);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The schema says that it cannot be read.
  }
}
