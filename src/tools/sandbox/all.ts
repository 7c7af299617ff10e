import type { Tool } from "../../core/tool.ts";
import { exchangeTools } from "./exchange-tools.ts";
import { fileTools } from "./file-tools.ts";
import type { SandboxToolDeps } from "./in-workspace.ts";
import { onlineTools } from "./online-tools.ts";
import { runTools } from "./run-tools.ts";

/** Code, and the files that it works on. */
export const sandboxTools = (deps: SandboxToolDeps): readonly Tool[] => [
  ...runTools(deps),
  ...fileTools(deps),
  ...exchangeTools(deps),
  ...onlineTools(deps),
];
