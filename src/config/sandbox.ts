import { join } from "node:path";
import type { ProblemList } from "./problems.ts";
import type { SandboxSettings } from "./shape.ts";
import type { Values } from "./variables.ts";

const PROCESSES = 64;
const WORKSPACE_FILES = 10_000;
/** One file may be half of a workspace. */
const FILE_SHARE = 0.5;

/** null: switched off. */
export function toSandbox(values: Values, problems: ProblemList): SandboxSettings | null {
  const { SANDBOX_MODE: mode, SANDBOX_API_URL: url, SANDBOX_API_KEY: key } = values;
  if (mode === "off") return null;
  if (mode === "remote" && url === null)
    problems.add("SANDBOX_API_URL", "is needed with SANDBOX_MODE=remote");
  if (url !== null && key === null)
    problems.add("SANDBOX_API_KEY", "is needed with SANDBOX_API_URL");
  const workspaceBytes = values.CLARA_SANDBOX_QUOTA;
  if (workspaceBytes > values.DOCKER_SANDBOX_MEMORY / 2)
    problems.add(
      "CLARA_SANDBOX_QUOTA",
      "must not be more than half of DOCKER_SANDBOX_MEMORY: what is in a workspace counts as memory",
    );
  return {
    mode,
    remote:
      url === null || key === null ? null : { url, key, timeoutMs: values.SANDBOX_TIMEOUT * 1_000 },
    docker: {
      host: values.DOCKER_HOST,
      image: values.DOCKER_SANDBOX_IMAGE,
      maxSandboxes: values.SANDBOX_MAX_CONTAINERS,
    },
    limits: {
      memoryBytes: values.DOCKER_SANDBOX_MEMORY,
      cpus: values.DOCKER_SANDBOX_CPU,
      processes: PROCESSES,
      workspaceBytes,
      workspaceFiles: WORKSPACE_FILES,
      fileBytes: Math.floor(workspaceBytes * FILE_SHARE),
    },
    warm: values.CLARA_SANDBOX_WARM,
    idleMs: values.DOCKER_SANDBOX_TIMEOUT * 1_000,
    packages: toPackages(values.CLARA_SANDBOX_INDEX),
    service: {
      host: values.SANDBOX_API_HOST,
      port: values.SANDBOX_API_PORT,
      keys: key?.split(",").filter((each) => each !== "") ?? [],
      defaultRunMs: values.SANDBOX_DEFAULT_EXECUTION_TIMEOUT * 1_000,
      maxRunMs: values.SANDBOX_MAX_EXECUTION_TIMEOUT * 1_000,
    },
    dir: values.SANDBOX_DATA_DIR ?? join(values.CLARA_DATA_DIR, "sandboxes"),
  };
}

/** PyPI names its packages on one host and keeps them on another. */
function toPackages(indexUrl: string): SandboxSettings["packages"] {
  const { hostname } = new URL(indexUrl);
  return {
    indexUrl,
    hosts: hostname === "pypi.org" ? [hostname, "files.pythonhosted.org"] : [hostname],
  };
}
