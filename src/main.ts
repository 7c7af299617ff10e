/** Opens the house, waits for the signal and leaves it tidy: the same as `clara start`. */
import { runCommand } from "./cli/run-command.ts";
import { thisProgram } from "./cli/this-program.ts";

process.exitCode = await runCommand(thisProgram(), ["start"]);
