import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import { SandboxProblem, type Workspace, type Workspaces } from "../core/sandbox.ts";
import { asError } from "../lib/as-error.ts";

interface Deps {
  readonly remote: Workspaces;
  readonly local: Workspaces;
  readonly clock: Clock;
  readonly log: Log;
}

/** A service that did not answer is not asked again for so long; one that did is believed for as long. */
const BELIEVED_MS = 15_000;
const NOTICE =
  "[The usual machine for code does not answer, so this ran on another one: files and names from before are not here, and will be there again when it is back.]";

/** The other machine while it answers, and this one while it does not. */
export function createAutoWorkspaces({ remote, local, clock, log }: Deps): Workspaces {
  let asked: { readonly at: number; readonly works: boolean } | null = null;

  function note(works: boolean): boolean {
    if (asked !== null && asked.works !== works)
      log.warn({ works }, works ? "sandbox-service-back" : "sandbox-service-away");
    asked = { at: clock.elapsedMs(), works };
    return works;
  }

  async function works(signal: AbortSignal): Promise<boolean> {
    if (asked !== null && clock.elapsedMs() - asked.at < BELIEVED_MS) return asked.works;
    return note((await remote.health(signal)).kind === "works");
  }

  /** What goes wrong because nobody is there goes on here; everything else is told. */
  async function either<Value>(
    signal: AbortSignal,
    there: () => Promise<Value>,
    here: () => Promise<Value>,
  ): Promise<Value> {
    if (!(await works(signal))) return here();
    try {
      return await there();
    } catch (error) {
      if (!isAway(error)) throw error;
      log.debug({ error: asError(error) }, "sandbox-service-away");
      note(false);
      return here();
    }
  }

  return {
    open: (owner, signal) =>
      either(
        signal,
        () => remote.open(owner, signal),
        async () => withNotice(await local.open(owner, signal)),
      ),
    status: (owner, signal) =>
      either(
        signal,
        () => remote.status(owner, signal),
        () => local.status(owner, signal),
      ),
    rollBack: (owner, snapshot, signal) =>
      either(
        signal,
        () => remote.rollBack(owner, snapshot, signal),
        () => local.rollBack(owner, snapshot, signal),
      ),
    async forget(ownerOrPerson, signal) {
      // Both, and whoever asks is told when one of them did not.
      await local.forget(ownerOrPerson, signal);
      await remote.forget(ownerOrPerson, signal);
    },
    async running(signal) {
      const there = await either(
        signal,
        () => remote.running(signal),
        async () => [],
      );
      return [...there, ...(await local.running(signal))];
    },
    stop: async (id, signal) =>
      (await local.stop(id, signal)) ||
      (await either(
        signal,
        () => remote.stop(id, signal),
        async () => false,
      )),
    async health(signal) {
      const there = await remote.health(signal);
      if (note(there.kind === "works") || there.kind === "works") return there;
      const here = await local.health(signal);
      if (here.kind === "broken") return { kind: "broken", words: `${there.words} ${here.words}` };
      return { ...here, warnings: [`Code runs on this machine: ${there.words}`, ...here.warnings] };
    },
  };
}

const withNotice = (workspace: Workspace): Workspace => ({ ...workspace, notice: NOTICE });

const isAway = (error: unknown): boolean =>
  error instanceof SandboxProblem && (error.kind === "unavailable" || error.kind === "image");
