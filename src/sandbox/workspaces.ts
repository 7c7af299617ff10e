import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import { SandboxProblem, type SandboxLimits, type Workspaces } from "../core/sandbox.ts";
import type { Service } from "../core/service.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";
import type { WarmPool } from "./warm-pool.ts";
import { openWorkspace, type OpenWorkspace } from "./open-workspace.ts";
import { sizeOf, timeAfter, type WorkspaceStore } from "./workspace-store.ts";

interface Deps {
  readonly pool: WarmPool;
  readonly store: WorkspaceStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Clears up what an earlier life left; at the start and now and then. Rejects when nobody answers. */
  readonly removeLeftOver: () => Promise<unknown>;
}

export interface WorkspaceSettings {
  readonly limits: SandboxLimits;
  /** A sandbox that nobody uses ends after this. */
  readonly idleMs: number;
  /** It ends after this, whoever uses it; its files stay. */
  readonly maxAgeMs: number;
}

export interface LocalWorkspaces extends Workspaces, Service {
  /** Ends every sandbox; what is in them is kept. */
  readonly close: () => Promise<void>;
}

const TICK_MS = 5_000;
const CLEAR_EVERY_TICKS = 60;

/** Workspaces in sandboxes of this machine. */
export function createWorkspaces(deps: Deps, settings: WorkspaceSettings): LocalWorkspaces {
  const { pool, store, clock, log } = deps;
  const { limits } = settings;
  const open = new Map<string, Promise<OpenWorkspace>>();
  /** Those of them that have started. */
  const ready = new Map<string, OpenWorkspace>();

  async function start(owner: string, signal: AbortSignal): Promise<OpenWorkspace> {
    const sandbox = await pool.create(owner, limits, signal).catch(async (error: unknown) => {
      // Somebody who does not use his makes room.
      if (!(error instanceof SandboxProblem) || error.kind !== "busy" || !(await endIdlest()))
        throw error;
      return pool.create(owner, limits, signal);
    });
    try {
      return await openWorkspace({ store, clock, log, limits }, owner, sandbox, signal);
    } catch (error) {
      await sandbox.kill();
      throw error;
    }
  }

  function drop(workspace: OpenWorkspace): void {
    if (ready.get(workspace.owner) !== workspace) return;
    ready.delete(workspace.owner);
    open.delete(workspace.owner);
  }

  async function end(workspace: OpenWorkspace): Promise<void> {
    drop(workspace);
    await workspace.settle().catch(() => {}); // Too much waits: then it was kept a moment ago.
    await workspace.kill();
  }

  /** Another process may have gone on with it meanwhile: what is kept is how it is. */
  async function leaveStale(owner: string): Promise<void> {
    const workspace = ready.get(owner);
    if (!workspace || workspace.isBusy() || (await store.newest(owner)) === workspace.keptId())
      return;
    drop(workspace);
    await workspace.kill();
  }

  async function endIdlest(): Promise<boolean> {
    const idle = [...ready.values()].filter((each) => !each.isBusy());
    const [idlest] = idle.toSorted(
      (one, other) => one.usedAt().getTime() - other.usedAt().getTime(),
    );
    if (!idlest) return false;
    await end(idlest);
    return true;
  }

  async function endOld(): Promise<void> {
    const now = clock.now().getTime();
    for (const workspace of ready.values()) {
      const isIdle = now - workspace.usedAt().getTime() > settings.idleMs;
      const isOld = now - workspace.startedAt.getTime() > settings.maxAgeMs;
      if (!workspace.isBusy() && (isIdle || isOld)) await end(workspace);
    }
  }

  const endOf = async (owner: string) => {
    const workspace = await open.get(owner)?.catch(() => null);
    if (workspace) await end(workspace);
  };

  const close = async () => {
    await Promise.all([...open.keys()].map(endOf));
    await pool.empty();
  };

  return {
    name: "sandboxes",

    async open(owner, signal) {
      await leaveStale(owner);
      const known = open.get(owner);
      if (known) return known;
      const starting = start(owner, signal);
      open.set(owner, starting);
      try {
        const workspace = await starting;
        ready.set(owner, workspace);
        // One that is gone is begun anew the next time.
        void workspace.gone.then(() => drop(workspace));
      } catch (error) {
        open.delete(owner);
        throw error;
      }
      return starting;
    },

    async status(owner) {
      const snapshots = await store.snapshots(owner);
      const described = snapshots.map((snapshot) => ({
        id: snapshot.id,
        savedAt: snapshot.savedAt,
        files: snapshot.entries.length,
        sizeBytes: sizeOf(snapshot),
      }));
      const { files = 0, sizeBytes = 0 } = described[0] ?? {};
      const quotaBytes = limits.workspaceBytes;
      return { isRunning: open.has(owner), files, sizeBytes, quotaBytes, snapshots: described };
    },

    async rollBack(owner, id) {
      await endOf(owner);
      const snapshots = await store.snapshots(owner);
      const snapshot = snapshots.find((each) => each.id === id);
      if (!snapshot) return false;
      const { entries, marks } = snapshot;
      const savedAt = timeAfter(clock.now(), snapshots[0]?.savedAt ?? null);
      await store.save(owner, { savedAt, entries, marks }, Number.MAX_SAFE_INTEGER);
      return true;
    },

    async forget(ownerOrPerson) {
      const owners = [...open.keys()].filter(
        (owner) => owner === ownerOrPerson || owner.startsWith(`${ownerOrPerson}.`),
      );
      await Promise.all(owners.map(endOf));
      await store.forget(ownerOrPerson);
    },

    async running() {
      return [...ready.values()].map((each) => ({
        id: each.id,
        owner: each.owner,
        startedAt: each.startedAt,
        usedAt: each.usedAt(),
        isBusy: each.isBusy(),
      }));
    },

    async stop(id) {
      const found = [...ready.values()].find((each) => each.id === id);
      if (!found) return false;
      drop(found);
      await found.kill();
      return true;
    },

    health: pool.health,
    close,

    async run(signal) {
      for (let tick = 0; !signal.aborted; tick += 1) {
        if (tick % CLEAR_EVERY_TICKS === 0)
          await deps.removeLeftOver().catch((error: unknown) => {
            log.warn({ error: asError(error) }, "sandboxes-not-cleared-up");
          });
        await endOld();
        void pool.fill();
        await pause(TICK_MS, signal);
      }
      await close();
    },
  };
}
