#!/usr/bin/env -S node --env-file-if-exists=.env
import { runCommand } from "./run-command.ts";
import { thisProgram } from "./this-program.ts";

process.exitCode = await runCommand(thisProgram(), process.argv.slice(2));
