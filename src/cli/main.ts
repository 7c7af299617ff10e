#!/usr/bin/env -S node --optimize-for-size --env-file-if-exists=.env
import { keepCompiledCode } from "../lib/compile-cache.ts";

keepCompiledCode();
const { runCommand } = await import("./run-command.ts");
const { thisProgram } = await import("./this-program.ts");
process.exitCode = await runCommand(thisProgram(), process.argv.slice(2));
