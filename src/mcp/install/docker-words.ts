/** Of a container for one server; the machine loses no more than this to it. */
const LIMITS = [
  "--read-only",
  "--tmpfs=/tmp:rw,nosuid,nodev,size=256m",
  "--cap-drop=ALL",
  "--security-opt=no-new-privileges",
  "--pids-limit=256",
  "--memory=512m",
  "--memory-swap=512m",
  "--cpus=1",
  "--log-driver=none",
];

export interface ContainerName {
  readonly name: string;
  /** What it is found by. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface ContainerWords extends ContainerName {
  /** By digest, or one that the operator names. */
  readonly image: string;
  readonly args: readonly string[];
  /** Names alone: values go by the environment of the program `docker`, and stand in no list of processes. */
  readonly envNames: readonly string[];
  /** Folders of ours, and where the container sees them. */
  readonly mounts: readonly {
    readonly from: string;
    readonly to: string;
    readonly isWritable: boolean;
  }[];
  /** Folders that are its own, in memory, and gone with it. */
  readonly ownFolders?: readonly string[];
  /** As whom it runs, and where; left out, as its image says. */
  readonly user?: string;
  readonly folder?: string;
}

/** What starts a server in a container. It ends with its standard input, and leaves nothing. */
export const dockerWords = (
  { name, labels, image, args, envNames, mounts, ownFolders = [], user, folder }: ContainerWords,
  docker: readonly string[] = ["docker"],
): readonly string[] => [
  ...docker,
  "run",
  "--rm",
  "--interactive",
  "--init",
  "--pull=never",
  `--name=${name}`,
  ...Object.entries(labels).map(([label, value]) => `--label=${label}=${value}`),
  ...LIMITS,
  ...ownFolders.map((each) => `--tmpfs=${each}:rw,nosuid,nodev,size=64m`),
  ...(user === undefined ? [] : [`--user=${user}`, "--env=HOME=/tmp"]),
  ...(folder === undefined ? [] : [`--workdir=${folder}`]),
  ...mounts.map(
    ({ from, to, isWritable }) =>
      `--mount=type=bind,source=${from},target=${to}${isWritable ? "" : ",readonly"}`,
  ),
  ...envNames.map((each) => `--env=${each}`),
  image,
  ...args,
];

/** `named`: with its digest, where it has one. */
export const pullWords = (named: string): readonly string[] => ["docker", "pull", "--quiet", named];
