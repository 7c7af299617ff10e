/**
 * Why a package does not run on this Node.js; null when it does, or when it is written in a way that we do not read: npm
 * itself has the last word (`--engine-strict`).
 */
export function engineTrouble(wanted: string | null, here: string): string | null {
  if (wanted === null) return null;
  const lowest = wanted.split("||").map(lowestOf);
  if (lowest.some((version) => version === null)) return null;
  const fits = lowest.some((version) => version !== null && isAtLeast(here, version));
  return fits
    ? null
    : `It wants Node.js ${wanted.replace(/[^\w.<>=|^~ *-]/g, "")}, and I run on ${here}.`;
}

function lowestOf(range: string): readonly number[] | null {
  const [, major, minor = "0", patch = "0"] =
    /^\s*(?:>=|\^|~|v)?\s*v?(\d+)(?:\.(\d+|x|\*))?(?:\.(\d+|x|\*))?\b[^<]*$/.exec(range) ?? [];
  return major === undefined ? null : [major, minor, patch].map((each) => Number(each) || 0);
}

function isAtLeast(here: string, lowest: readonly number[]): boolean {
  const own = here.split(".").map(Number);
  const at = lowest.findIndex((value, index) => value !== (own[index] ?? 0));
  return at < 0 || (own[at] ?? 0) > (lowest[at] ?? 0);
}
