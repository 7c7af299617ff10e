import { systemClock } from "../core/clock.ts";
import { silentLog } from "../core/log.ts";
import type { SandboxHealth, SandboxLimits } from "../core/sandbox.ts";
import { createDesk, type DeskSettings } from "./desk.ts";
import { MAX_LIFE_MS } from "./docker/container.ts";
import {
  createDockerRunner,
  type DockerDeps,
  type DockerSettings,
} from "./docker/docker-runner.ts";
import { openEngine } from "./docker/engine.ts";
import { removeLeftOver } from "./docker/left-over.ts";
import type { RemoteDeps } from "./remote/remote.ts";
import { createWarmPool } from "./warm-pool.ts";
import { createWorkspaceStore } from "./workspace-store.ts";
import { createWorkspaces, type LocalWorkspaces } from "./workspaces.ts";

export { createWorkspaceStore } from "./workspace-store.ts";
export { createDesk } from "./desk.ts";
export { createSandboxService } from "./service/sandbox-service.ts";
export type { LocalWorkspaces } from "./workspaces.ts";

export interface LocalSettings {
  readonly docker: DockerSettings;
  readonly limits: SandboxLimits;
  readonly idleMs: number;
  /** Of workspaces. */
  readonly dir: string;
  /** Sandboxes that wait for somebody. */
  readonly warm: number;
}

/** A sandbox that is used until its end would be cut off in the middle: it is left a little before. */
const MAX_AGE_MS = MAX_LIFE_MS * 0.9;

/** Workspaces in containers of the Docker engine that the settings name. */
export function createLocalSandboxes(deps: DockerDeps, settings: LocalSettings): LocalWorkspaces {
  const { docker: at, dir, limits, idleMs, warm } = settings;
  const engine = openEngine(at.host);
  const runner = createDockerRunner(deps, at);
  const pool = createWarmPool({ runner, log: deps.log }, { size: warm, limits });
  return createWorkspaces(
    {
      ...deps,
      pool,
      store: createWorkspaceStore(dir),
      removeLeftOver: () => removeLeftOver({ ...deps, engine }, at.house),
    },
    { limits, idleMs, maxAgeMs: MAX_AGE_MS },
  );
}

/** Looks at whoever would run sandboxes by these settings, and starts none. */
export function sandboxHealth(
  { fetch }: RemoteDeps,
  settings: Omit<LocalSettings, "docker"> &
    DeskSettings & { readonly docker: Omit<DockerSettings, "house"> },
  signal: AbortSignal,
): Promise<SandboxHealth> {
  const deps = {
    clock: systemClock,
    createId: () => "",
    log: silentLog,
    findHost: null,
    fetch,
  };
  const local = createLocalSandboxes(deps, {
    ...settings,
    docker: { ...settings.docker, house: "" },
  });
  return createDesk({ ...deps, local }, settings).workspaces.health(signal);
}
