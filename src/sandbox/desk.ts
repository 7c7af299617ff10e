import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { SandboxDesk, SandboxPlace, Workspaces } from "../core/sandbox.ts";
import { createAutoWorkspaces } from "./auto-workspaces.ts";
import type { RemoteDeps, RemoteSettings } from "./remote/remote.ts";
import { createRemoteWorkspaces } from "./remote/remote-workspaces.ts";

interface Deps extends RemoteDeps {
  readonly local: Workspaces;
  readonly clock: Clock;
  readonly log: Log;
}

export interface DeskSettings {
  readonly mode: SandboxPlace;
  /** null: no other machine is set up. */
  readonly remote: RemoteSettings | null;
}

/** Where code runs by the operator's wish: here, there, or there while somebody answers. */
export function createDesk(deps: Deps, { mode, remote: at }: DeskSettings): SandboxDesk {
  const { local } = deps;
  const remote = at && createRemoteWorkspaces(deps, at);
  const places: Readonly<Record<SandboxPlace, Workspaces | null>> = {
    local,
    remote,
    auto: remote === null ? local : createAutoWorkspaces({ ...deps, remote }),
  };
  let place = mode;
  const now = () => places[place] ?? local;
  return {
    place: () => place,
    moveTo(wanted) {
      if (places[wanted] === null) return false;
      place = wanted;
      return true;
    },
    workspaces: {
      open: (...given) => now().open(...given),
      status: (...given) => now().status(...given),
      rollBack: (...given) => now().rollBack(...given),
      forget: (...given) => now().forget(...given),
      running: (...given) => now().running(...given),
      stop: (...given) => now().stop(...given),
      health: (...given) => now().health(...given),
    },
  };
}
