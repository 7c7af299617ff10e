#!/usr/bin/env node
// As old as JavaScript gets, so that whoever has an old Node is told, and does not get a syntax error.
var major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  process.stderr.write(
    "Clara needs Node 24 or newer; this is " +
      process.versions.node +
      ". Get it at https://nodejs.org, or run: npx --package=node@24 --package=clara clara\n",
  );
  process.exitCode = 1;
} else {
  // As the repository's own command: the heap is small, and what is compiled is kept.
  require("v8").setFlagsFromString("--optimize-for-size");
  if (require("fs").existsSync(".env")) process.loadEnvFile(".env");
  void import("../src/cli/main.js");
}
