/** Opens the house, waits for the signal and leaves it tidy: the same as `clara start`. */
import { keepCompiledCode } from "./lib/compile-cache.ts";

keepCompiledCode();
const { runCommand } = await import("./cli/run-command.ts");
const { thisProgram } = await import("./cli/this-program.ts");
process.exitCode = await runCommand(thisProgram(), ["start"]);
