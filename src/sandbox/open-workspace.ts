import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import {
  SandboxProblem,
  type RunEvent,
  type Sandbox,
  type SandboxFile,
  type SandboxLimits,
  type Workspace,
} from "../core/sandbox.ts";
import { asError } from "../lib/as-error.ts";
import { timeAfter, type KeptFile, type Snapshot, type WorkspaceStore } from "./workspace-store.ts";

/** Runs of one workspace that wait for each other. */
const MAX_WAITING = 4;
const MAX_MARKS = 40;
const MAX_MARK_CHARS = 200;
/** Earlier states may take as much again as the workspace itself. */
const ROOM_FOR_SNAPSHOTS = 2;
const ROOTS = ["/box", "/out"];

interface Deps {
  readonly store: WorkspaceStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: SandboxLimits;
}

export interface OpenWorkspace extends Workspace {
  readonly owner: string;
  readonly startedAt: Date;
  readonly usedAt: () => Date;
  /** Of the state that is kept of it; null for none yet. */
  readonly keptId: () => string | null;
  readonly isBusy: () => boolean;
  /** What changed is on the disk then, unless the log says why not. */
  readonly settle: () => Promise<void>;
}

/** A fresh sandbox with what its owner left, which keeps what changes after each run. */
export async function openWorkspace(
  deps: Deps,
  owner: string,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<OpenWorkspace> {
  const { store, clock } = deps;
  const [newest] = await store.snapshots(owner);
  if (newest) await sandbox.put(filesOf(store, owner, newest), signal);
  let last: Snapshot = newest ?? { savedAt: clock.now(), entries: [], marks: [] };
  let keptId = newest?.id ?? null;
  let used = clock.now();
  let waiting = 0;
  let turn: Promise<unknown> = Promise.resolve();

  /** One after the other, so that what is kept is what a run left and not what the next one is changing. */
  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    if (waiting > MAX_WAITING)
      return Promise.reject(
        new SandboxProblem("busy", "Too much runs in this sandbox already. Wait until it ends."),
      );
    waiting += 1;
    const done = turn.then(work).finally(() => {
      waiting -= 1;
      used = clock.now();
    });
    turn = done.catch(() => {}); // Whoever asked hears of it.
    return done;
  }

  async function keep(marks: readonly string[] = last.marks): Promise<void> {
    try {
      const entries = await keepChanged(store, owner, sandbox, last.entries);
      if (marks === last.marks && isSame(entries, last.entries)) return;
      last = { savedAt: timeAfter(clock.now(), last.savedAt), entries, marks };
      keptId = await store.save(owner, last, deps.limits.workspaceBytes * ROOM_FOR_SNAPSHOTS);
    } catch (error) {
      deps.log.warn({ sandbox: sandbox.id, error: asError(error) }, "workspace-not-kept");
    }
  }

  async function* exec(...given: Parameters<Sandbox["exec"]>): AsyncGenerator<RunEvent> {
    const begun = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    const kept = inTurn(async () => {
      begun.resolve();
      await over.promise;
      await keep();
    });
    kept.catch(begun.reject);
    try {
      await begun.promise;
      for await (const event of sandbox.exec(...given)) {
        if (event.type === "end") {
          // Told when what it left is kept: nobody hears of a run that a power cut takes back.
          over.resolve();
          await kept;
        }
        yield event;
      }
    } finally {
      over.resolve();
    }
  }

  return {
    ...sandbox,
    owner,
    startedAt: used,
    usedAt: () => used,
    keptId: () => keptId,
    isBusy: () => waiting > 0,
    settle: () => inTurn(() => keep()),
    exec,
    put: (files, given) =>
      inTurn(async () => {
        await sandbox.put(files, given);
        await keep();
      }),
    marks: async () => last.marks,
    mark: (names) => inTurn(() => keep(addMarks(last.marks, names))),
  };
}

/** The same list when there is nothing new. */
function addMarks(marks: readonly string[], names: readonly string[]): readonly string[] {
  const fresh = names
    .map((name) => name.slice(0, MAX_MARK_CHARS))
    .filter((name) => !marks.includes(name));
  return fresh.length === 0 ? marks : [...marks, ...new Set(fresh)].slice(0, MAX_MARKS);
}

async function* filesOf(
  store: WorkspaceStore,
  owner: string,
  { entries }: Snapshot,
): AsyncGenerator<SandboxFile> {
  for (const { path, hash, isProgram, modifiedAt } of entries)
    yield { path, bytes: await store.bytes(owner, hash), isProgram, modifiedAt };
}

/** Only what is not as it was is read. */
async function keepChanged(
  store: WorkspaceStore,
  owner: string,
  sandbox: Sandbox,
  before: readonly KeptFile[],
): Promise<readonly KeptFile[]> {
  const signal = new AbortController().signal; // It is bounded by the workspace's size.
  const known = new Map(before.map((entry) => [`${entry.path} ${entry.version}`, entry]));
  const kept: KeptFile[] = [];
  for (const root of ROOTS) {
    const { entries } = await sandbox.list(root, signal);
    for (const entry of entries) {
      const same = known.get(`${entry.path} ${entry.version}`);
      const hash = same?.hash ?? (await keepOne(store, owner, sandbox, entry.path, signal));
      if (hash !== null) kept.push({ ...entry, hash });
    }
  }
  return kept;
}

/** null for what cannot be read: it does not keep the others from being kept. */
async function keepOne(
  store: WorkspaceStore,
  owner: string,
  sandbox: Sandbox,
  path: string,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const { bytes } = await sandbox.get(path, signal);
    return await store.keepBytes(owner, bytes);
  } catch (error) {
    if (error instanceof SandboxProblem && error.kind === "file") return null;
    throw error;
  }
}

const isSame = (one: readonly KeptFile[], other: readonly KeptFile[]): boolean =>
  one.length === other.length &&
  one.every(
    ({ path, version }, index) => path === other[index]?.path && version === other[index]?.version,
  );
