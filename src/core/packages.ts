import type { Program } from "./sandbox.ts";

/** Where packages of Python come from, and the hosts that this takes. */
export interface PackageIndex {
  readonly indexUrl: string;
  readonly hosts: readonly string[];
}

/** A name with its extras and version, as `pip install` takes it from an index: no address, no path, no option. */
export const PACKAGE_NAME =
  /^[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9._,-]+\])?((==|>=|<=|~=|!=|<|>)[A-Za-z0-9.*+!]+)?$/;

/** Wheels only: a package that is built runs code of its own while it may reach somebody. */
export const installing = ({ indexUrl }: PackageIndex, names: readonly string[]): Program => ({
  kind: "argv",
  argv: [
    "python3",
    "-m",
    "pip",
    "install",
    "--no-input",
    "--disable-pip-version-check",
    "--no-cache-dir",
    "--quiet",
    "--only-binary=:all:",
    "--target=/box/.packages",
    "--upgrade",
    `--index-url=${indexUrl}`,
    "--",
    ...names,
  ],
  // What is unpacked there may be larger than /tmp.
  env: { TMPDIR: "/box" },
});
