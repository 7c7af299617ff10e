/** Nobody's hooks, filters and other programs; nothing but https; no other repositories. */
const QUIET = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.symlinks=false",
  "core.protectNTFS=true",
  "protocol.allow=never",
  "protocol.https.allow=always",
  "http.followRedirects=false",
  "credential.helper=",
  "submodule.recurse=false",
  "fetch.fsckObjects=true",
  "filter.lfs.smudge=",
  "filter.lfs.required=false",
].flatMap((setting) => ["-c", setting]);

/** What fetches one commit, word by word. `more`: settings of the house, for another protocol in a test. */
export const cloneWords = (
  url: string,
  commit: string,
  more: readonly string[] = [],
): readonly (readonly string[])[] => {
  const git = ["git", ...QUIET, ...more];
  return [
    ["git", "init", "--quiet", "--template=", "."],
    [
      ...git,
      "fetch",
      "--quiet",
      "--depth=1",
      "--no-tags",
      "--no-recurse-submodules",
      "--",
      url,
      commit,
    ],
    [...git, "checkout", "--quiet", "--detach", commit],
  ];
};
