/** How much one sandbox may use. */
export interface SandboxLimits {
  readonly memoryBytes: number;
  readonly cpus: number;
  readonly processes: number;
  /** Of everything that it keeps. */
  readonly workspaceBytes: number;
  readonly workspaceFiles: number;
  /** Of one file. */
  readonly fileBytes: number;
}

/** What is to run. Never a text that a shell of ours reads: arguments go as they are. */
export type Program =
  /** In the Python session, whose names stay for the next one. */
  | { readonly kind: "session"; readonly code: string }
  | { readonly kind: "python"; readonly code: string }
  | { readonly kind: "shell"; readonly command: string }
  | {
      readonly kind: "argv";
      readonly argv: readonly [string, ...string[]];
      /** Added to what every program gets. */
      readonly env?: Readonly<Record<string, string>>;
    };

export interface RunLimits {
  readonly timeMs: number;
  readonly outBytes: number;
  readonly errBytes: number;
  /** Hosts that it may reach, by a proxy that stands in its environment; left out: nobody. Not for a session. */
  readonly hosts?: readonly string[];
}

/** What a run was ended for. stopped: by whoever asked for it. */
export type LimitHit =
  | "time"
  | "output"
  | "memory"
  | "processes"
  | "disk"
  | "file-size"
  | "stopped";

export interface RunEnd {
  readonly type: "end";
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  /** For example 9; null when it ended by itself. */
  readonly signal: number | null;
  readonly limit: LimitHit | null;
  readonly elapsedMs: number;
  readonly peakBytes: number;
  /** Whether there is a Python session now; of a session's run, false says that its names are lost. */
  readonly hasSession: boolean;
}

export type RunEvent =
  | { readonly type: "output"; readonly to: "out" | "err"; readonly bytes: Uint8Array }
  /** Before the first output of a session's run: whether it began just now, without any names. */
  | { readonly type: "session"; readonly isNew: boolean }
  | RunEnd;

/** A plain file. Links, devices and the like neither go in nor come out. */
export interface SandboxFile {
  /** Absolute, below /box or /out. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly isProgram: boolean;
  readonly modifiedAt: Date;
}

export interface SandboxEntry {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;
  readonly isProgram: boolean;
  /** Changes with the file. */
  readonly version: string;
}

export interface SandboxListing {
  readonly entries: readonly SandboxEntry[];
  /** Links, devices and the like, which are not listed. */
  readonly others: number;
  /** True when there is more than is listed. */
  readonly isCut: boolean;
  readonly usedBytes: number;
  readonly freeBytes: number;
}

/**
 * A place where code runs that nobody has read. One program at a time; when it ends, whatever it started has ended. All
 * of it throws SandboxProblem and nothing else, save the signal's own reason.
 */
export interface Sandbox {
  readonly id: string;
  readonly put: (
    files: Iterable<SandboxFile> | AsyncIterable<SandboxFile>,
    signal: AbortSignal,
  ) => Promise<void>;
  /** Any number of outputs, then one end. An aborted signal ends the program within a second. */
  readonly exec: (
    program: Program,
    limits: RunLimits,
    signal: AbortSignal,
  ) => AsyncIterable<RunEvent>;
  readonly get: (path: string, signal: AbortSignal) => Promise<SandboxFile>;
  readonly list: (folder: string, signal: AbortSignal) => Promise<SandboxListing>;
  /** Every plain file of the workspace, one at a time. */
  readonly snapshot: (signal: AbortSignal) => AsyncIterable<SandboxFile>;
  /** Resolves when nothing of it is left. Again does nothing. */
  readonly kill: () => Promise<void>;
  /** Resolves when it has ended, whoever ended it. */
  readonly gone: Promise<void>;
}

/** `engine` is its version, for example "29.5.1". */
export type SandboxHealth =
  | {
      readonly kind: "works";
      readonly engine: string;
      readonly running: number;
      /** What the operator should know, in sentences. */
      readonly warnings: readonly string[];
    }
  | { readonly kind: "broken"; readonly words: string };

export interface SandboxRunner {
  /** `owner`: whose it is, in letters, digits, "-" and "."; nothing of one owner is seen by another. */
  readonly create: (owner: string, limits: SandboxLimits, signal: AbortSignal) => Promise<Sandbox>;
  /** Never rejects, save with the signal's own reason. */
  readonly health: (signal: AbortSignal) => Promise<SandboxHealth>;
}

/** A sandbox whose files outlive it: they are there again in the next one of the same owner. */
export interface Workspace extends Sandbox {
  /** For the model, where it is not the one that was expected. */
  readonly notice?: string;
  /** What was written on it by us. Programs in there can neither read nor change it. */
  readonly marks: () => Promise<readonly string[]>;
  /** Adds to them; at most 40 are kept, of 200 letters each. */
  readonly mark: (names: readonly string[]) => Promise<void>;
}

/** What a workspace held after some run. */
export interface WorkspaceSnapshot {
  readonly id: string;
  readonly savedAt: Date;
  readonly files: number;
  readonly sizeBytes: number;
}

export interface WorkspaceStatus {
  readonly isRunning: boolean;
  readonly files: number;
  readonly sizeBytes: number;
  readonly quotaBytes: number;
  /** Newest first; the first one is how it is now. */
  readonly snapshots: readonly WorkspaceSnapshot[];
}

export interface RunningSandbox {
  readonly id: string;
  readonly owner: string;
  readonly startedAt: Date;
  readonly usedAt: Date;
  readonly isBusy: boolean;
}

/** Workspaces by owner: `person.place`, in lower-case letters and digits. Throws SandboxProblem. */
export interface Workspaces {
  /** As it was left, whether it still runs or begins anew. */
  readonly open: (owner: string, signal: AbortSignal) => Promise<Workspace>;
  /** Starts nothing. */
  readonly status: (owner: string, signal: AbortSignal) => Promise<WorkspaceStatus>;
  /** Makes it what it was then. False when that snapshot is gone. */
  readonly rollBack: (owner: string, snapshot: string, signal: AbortSignal) => Promise<boolean>;
  /** Everything of an owner, or of a person in all places (`person`, without a point). */
  readonly forget: (ownerOrPerson: string, signal: AbortSignal) => Promise<void>;
  readonly running: (signal: AbortSignal) => Promise<readonly RunningSandbox[]>;
  /** Its files stay. */
  readonly stop: (id: string, signal: AbortSignal) => Promise<boolean>;
  /** Never rejects, save with the signal's own reason. */
  readonly health: (signal: AbortSignal) => Promise<SandboxHealth>;
}

/** auto: on the other machine while it answers, here while it does not. */
export const SANDBOX_PLACES = ["auto", "local", "remote"] as const;
export type SandboxPlace = (typeof SANDBOX_PLACES)[number];

/** Where code runs, and whoever runs her may say where. */
export interface SandboxDesk {
  readonly workspaces: Workspaces;
  readonly place: () => SandboxPlace;
  /** Until the next start. False where another machine is wanted and none is set up. */
  readonly moveTo: (place: SandboxPlace) => boolean;
}

/**
 * unavailable: whoever runs sandboxes does not answer. image: its image is missing. busy: as many as may be. disk: no
 * room on the machine. ended: it ended while something was going on. file: a path or a file that cannot be.
 */
export type SandboxProblemKind = "unavailable" | "image" | "busy" | "disk" | "ended" | "file";

/** Its message is for people, and says what to do. */
export class SandboxProblem extends Error {
  override readonly name = "SandboxProblem";
  readonly kind: SandboxProblemKind;

  constructor(kind: SandboxProblemKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
