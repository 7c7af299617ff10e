/** Below these there are known ways out of a container. https://github.com/opencontainers/runc/security/advisories */
const LEAST_ENGINE = [29, 5, 1] as const;
/** The least of each line that is looked after. */
const LEAST_RUNC = [
  [1, 3, 6],
  [1, 4, 3],
  [1, 5, 0],
] as const;

/** What is too old, in sentences. What says no version is not judged. */
export function versionWarnings(versions: {
  readonly engine: string;
  readonly runc: string | null;
}): readonly string[] {
  const engine = toNumbers(versions.engine);
  const runc = versions.runc === null ? null : toNumbers(versions.runc);
  return [
    ...(engine !== null && isOlder(engine, LEAST_ENGINE)
      ? [
          `Docker ${versions.engine} has known holes: update it to ${LEAST_ENGINE.join(".")} or newer.`,
        ]
      : []),
    ...(runc !== null && isOldRunc(runc)
      ? [
          `runc ${versions.runc} has known holes: update it to ${LEAST_RUNC.map((each) => each.join(".")).join(", ")} or newer.`,
        ]
      : []),
  ];
}

function toNumbers(version: string): readonly number[] | null {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  return found && found.slice(1).map((part) => Number(part ?? 0));
}

function isOldRunc(version: readonly number[]): boolean {
  const [major = 0, minor = 0] = version;
  const line = LEAST_RUNC.find((least) => least[0] === major && least[1] === minor);
  return isOlder(version, line ?? LEAST_RUNC[0]);
}

function isOlder(version: readonly number[], least: readonly number[]): boolean {
  const at = least.findIndex((part, index) => part !== version[index]);
  return at !== -1 && (version[at] ?? 0) < (least[at] ?? 0);
}
