import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ContainerCreateOptions } from "dockerode";
import type { SandboxLimits } from "../../core/sandbox.ts";

const read = (file: string): string => readFileSync(join(import.meta.dirname, file), "utf8");
const KEEPER = read("../box/keeper.py");
const SESSION = read("../box/session.py");
/** Our own list of what programs may ask of the kernel: shorter than the engine's, and the same under every engine. */
const SECCOMP = JSON.stringify(JSON.parse(read("seccomp.json")));

/** Nobody: no image has him. */
const USER = 10_001;
const MAX_OPEN_FILES = 512;
const SHARED_MEMORY_BYTES = 16 * 1024 * 1024;
const TMP_BYTES = 64 * 1024 * 1024;
const TMP_FILES = 4_096;
/** Of the 1,024 that others have: who waits for an answer goes first. */
const CPU_SHARES = 256;
const NANO = 1e9;

/** What /out may hold, of the whole workspace. */
const OUT_SHARE = 0.25;

/** Which sandboxes belong to whom, for whoever clears up after a crash. */
export const HOUSE_LABEL = "clara.sandbox.house";
/** In seconds since 1970: past it nobody uses it any more. */
export const UNTIL_LABEL = "clara.sandbox.until";

interface Asked {
  readonly image: string;
  readonly house: string;
  readonly name: string;
  readonly until: Date;
  /** null for the engine's own. */
  readonly runtime: string | null;
  readonly limits: SandboxLimits;
}

/**
 * A container that code which nobody has read may have. Each line closes a way out or bounds what it can use up; the
 * numbers are those of the list in docs/SANDBOX.md. Nothing in here was written by a model.
 */
export function containerOptions(asked: Asked): ContainerCreateOptions {
  const { limits } = asked;
  return {
    name: asked.name,
    Image: asked.image,
    // It comes with us, so that any image with Python will do. -I: nothing of the environment changes what it runs.
    Entrypoint: ["python3", "-I", "-u", "-c", KEEPER, SESSION],
    Cmd: [],
    // B9: a number that no image knows.
    User: `${USER}:${USER}`,
    WorkingDir: "/",
    Hostname: "sandbox",
    // B20: nothing of ours; what programs get is written in the keeper.
    Env: [],
    Labels: {
      [HOUSE_LABEL]: asked.house,
      [UNTIL_LABEL]: String(Math.ceil(asked.until.getTime() / 1_000)),
    },
    // Our end of its stdin is its life: whatever ends Clara ends it, too.
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    NetworkDisabled: true,
    Healthcheck: { Test: ["NONE"] },
    HostConfig: hostConfig(asked, limits),
  };
}

function hostConfig(
  { runtime }: Asked,
  limits: SandboxLimits,
): ContainerCreateOptions["HostConfig"] {
  const outBytes = Math.floor(limits.workspaceBytes * OUT_SHARE);
  // One that the types do not know yet.
  const ownCgroups = { CgroupnsMode: "private" };
  return {
    ...ownCgroups,
    // B1, B2: no network, so no names either.
    NetworkMode: "none",
    // B3, B4, B16: nothing can be written but what is memory, counted, and gone with the container.
    ReadonlyRootfs: true,
    Tmpfs: {
      "/box": tmpfs("exec", limits.workspaceBytes - outBytes, limits.workspaceFiles),
      "/out": tmpfs("noexec", outBytes, limits.workspaceFiles),
      "/tmp": tmpfs("noexec", TMP_BYTES, TMP_FILES),
    },
    // B5, B6, B7
    CapDrop: ["ALL"],
    Privileged: false,
    SecurityOpt: ["no-new-privileges:true", `seccomp=${SECCOMP}`],
    // B11: the keeper is the init.
    PidsLimit: limits.processes,
    // B12: equal, so there is no swap.
    Memory: limits.memoryBytes,
    MemorySwap: limits.memoryBytes,
    OomKillDisable: false,
    // B14
    NanoCpus: Math.round(limits.cpus * NANO),
    CpuShares: CPU_SHARES,
    // B15
    Ulimits: [
      { Name: "nofile", Soft: MAX_OPEN_FILES, Hard: MAX_OPEN_FILES },
      { Name: "core", Soft: 0, Hard: 0 },
      { Name: "fsize", Soft: limits.fileBytes, Hard: limits.fileBytes },
    ],
    ShmSize: SHARED_MEMORY_BYTES,
    // Own name spaces for everything.
    IpcMode: "private",
    // B18: nothing is left behind when it ends, whoever ends it.
    AutoRemove: true,
    RestartPolicy: { Name: "no" },
    // What it prints is for us, and not for the engine's disk.
    LogConfig: { Type: "none", Config: {} },
    // B25
    ...(runtime !== null && { Runtime: runtime }),
  };
}

const tmpfs = (mayRun: "exec" | "noexec", bytes: number, files: number): string =>
  `rw,nosuid,nodev,${mayRun},size=${bytes},nr_inodes=${files},uid=${USER},gid=${USER},mode=0700`;
