/** Scripts of packages never run; no settings of anybody; nothing but what a server needs to run. */
const QUIET = [
  "--ignore-scripts",
  "--omit=dev",
  "--engine-strict",
  "--no-bin-links",
  "--no-audit",
  "--no-fund",
  "--no-update-notifier",
  "--globalconfig=/dev/null",
];

/** What finds out which packages one needs, as they were published by `before`: npm, word by word. Nothing is unpacked. */
export const lockWords = (
  {
    package: name,
    version,
    before,
  }: { readonly package: string; readonly version: string; readonly before: string },
  registry: string,
): readonly string[] => [
  "npm",
  "install",
  `${name}@${version}`,
  "--package-lock-only",
  "--save-exact",
  ...QUIET,
  `--before=${before}`,
  `--registry=${registry}`,
];

/** What fetches what a lock file names, each by its integrity, and nothing else. */
export const ciWords = (registry: string): readonly string[] => [
  "npm",
  "ci",
  ...QUIET,
  `--registry=${registry}`,
];
