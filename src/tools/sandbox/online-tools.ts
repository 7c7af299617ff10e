import { z } from "zod";
import { installing, PACKAGE_NAME } from "../../core/packages.ts";
import type { Taint } from "../../core/taint.ts";
import { defineTool, type Tool } from "../../core/tool.ts";
import { inWorkspace, type SandboxToolDeps } from "./in-workspace.ts";
import { runIn } from "./run-tools.ts";

const INSTALL_SECONDS = 180;
const MAX_SECONDS = 300;
const DEFAULT_SECONDS = 60;
const PATIENCE_MS = 60_000;
const MAX_HOSTS = 5;
const MAX_CODE_CHARS = 200_000;

const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i;

/** Code that reaches somebody: each call waits for a click, with the hosts on the card. */
export const onlineTools = (deps: SandboxToolDeps): readonly Tool[] => [
  installPackage(deps),
  runOnline(deps),
];

const installPackage = (deps: SandboxToolDeps) =>
  defineTool({
    name: "install_package",
    description:
      "Install a package of Python into the sandbox, for good: a name as PyPI has it, with a version if it matters. Only ready-made packages (wheels). Try to import it first: many are there.",
    label: "Installing a package",
    effect: "outside",
    timeoutMs: INSTALL_SECONDS * 1_000 + PATIENCE_MS,
    input: z.object({
      package: z
        .string()
        .max(200)
        .regex(PACKAGE_NAME, "must be a name such as pandas or pandas==2.3.1"),
    }),
    explain: ({ package: name }) => ({
      what: "Install a package in the sandbox",
      target: `${name} from ${new URL(deps.packages.indexUrl).hostname}`,
      reversible: true,
    }),
    run({ package: name }, context) {
      const { hosts } = deps.packages;
      const program = installing(deps.packages, [name]);
      return inWorkspace(
        deps,
        context,
        (workspace) => runIn(workspace, program, INSTALL_SECONDS, context, hosts),
        { brings: webOf(hosts) },
      );
    },
  });

const runOnline = (deps: SandboxToolDeps) =>
  defineTool({
    name: "run_online",
    description:
      "Run Python in the sandbox, in a process of its own, that may reach the hosts you name by https, and no others. Only where the other tools cannot do it: it waits for a click each time.",
    label: "Running Python with a way out",
    effect: "outside",
    timeoutMs: MAX_SECONDS * 1_000 + PATIENCE_MS,
    input: z.object({
      code: z.string().min(1).max(MAX_CODE_CHARS),
      hosts: z
        .array(z.string().regex(HOST, "must be a host such as api.example.com"))
        .min(1)
        .max(MAX_HOSTS),
      timeout: z.int().min(1).max(MAX_SECONDS).default(DEFAULT_SECONDS),
    }),
    explain: ({ hosts }) => ({
      what: "Run code that may send anything to",
      target: hosts.join(", "),
      reversible: false,
    }),
    run: ({ code, hosts, timeout }, context) =>
      inWorkspace(
        deps,
        context,
        (workspace) => runIn(workspace, { kind: "python", code }, timeout, context, hosts),
        { brings: webOf(hosts) },
      ),
  });

const webOf = (hosts: readonly string[]): readonly Taint[] =>
  hosts.map((name) => ({ source: "web", name }));
