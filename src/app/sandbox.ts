import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { resolve } from "node:path";
import type { Config, SandboxSettings } from "../config.ts";
import { systemClock } from "../core/clock.ts";
import type { Goodbye } from "../core/farewells.ts";
import type { FileStore } from "../core/files.ts";
import type { Log } from "../core/log.ts";
import type { FindHost } from "../core/net.ts";
import { sandboxPersonOf } from "../core/sandbox-owner.ts";
import type { SandboxDesk } from "../core/sandbox.ts";
import type { Service } from "../core/service.ts";
import type { Tool } from "../core/tool.ts";
import { createDesk, createLocalSandboxes, type LocalWorkspaces } from "../sandbox/index.ts";
import type { House } from "./house.ts";
import type { Outward } from "./outward.ts";
import { watchSandbox } from "./sandbox-health.ts";
import { sandboxTools } from "../tools/sandbox/all.ts";

export interface SandboxRoom extends AsyncDisposable {
  readonly desk: SandboxDesk;
  readonly tools: readonly Tool[];
  readonly services: readonly Service[];
  readonly goodbye: Goodbye;
  /** True while code cannot run. */
  readonly isAway: () => boolean;
}

/** Where code runs; null where it is switched off, or where nothing could run it. */
export function openSandbox(
  { sandbox: settings }: Pick<Config, "sandbox">,
  {
    files,
    outward,
    log: all,
  }: {
    readonly files: FileStore;
    readonly outward: Pick<Outward, "findWebHost">;
    readonly log: Log;
  },
): SandboxRoom | null {
  if (settings === null || !canBe(settings)) return null;
  const log = all.child({ room: "sandbox" });
  const local = openLocalSandboxes({ log, findHost: outward.findWebHost }, settings);
  const deps = { clock: systemClock, fetch: globalThis.fetch, log, local };
  const desk = createDesk(deps, settings);
  const { workspaces } = desk;
  return {
    desk,
    tools: sandboxTools({ workspaces, files, packages: settings.packages }),
    services: [local],
    isAway: isAskedFor(settings) ? watchSandbox(workspaces, systemClock) : () => false,
    goodbye: {
      name: "sandbox",
      leave: (scope, signal) => workspaces.forget(sandboxPersonOf(scope), signal),
    },
    [Symbol.asyncDispose]: local.close,
  };
}

/** What works behind the answers, whichever way she is started. */
export const behind = ({
  memory,
  sandbox,
}: Pick<House, "memory" | "sandbox">): readonly Service[] => [
  ...memory.services,
  ...(sandbox?.services ?? []),
];

/** A Docker that happens to be there, and cannot run code, makes nobody unwell who did not ask for it. */
const isAskedFor = ({ mode, remote }: SandboxSettings): boolean =>
  mode !== "auto" || remote !== null;

/** Where nobody said that code shall run and there is no Docker, it is not offered. */
function canBe({ mode, remote, docker }: SandboxSettings): boolean {
  const { protocol, pathname } = new URL(docker.host);
  return mode !== "auto" || remote !== null || protocol !== "unix:" || existsSync(pathname);
}

/** Workspaces in the Docker of this machine. */
export const openLocalSandboxes = (
  { log, findHost }: { readonly log: Log; readonly findHost: FindHost },
  settings: SandboxSettings,
): LocalWorkspaces =>
  createLocalSandboxes(
    { clock: systemClock, createId: randomUUID, findHost, log },
    { ...settings, docker: { ...settings.docker, house: houseOf(settings.dir) } },
  );

/** The same at each start, and another one for each folder of workspaces on each machine. */
export const houseOf = (dir: string): string =>
  createHash("sha256")
    .update(`${hostname()} ${resolve(dir)}`)
    .digest("hex")
    .slice(0, 16);
