/** `clara serve ...` on a day that a test has chosen: `serve-child.ts <time> <what clara serve gets>`. */
import { serve } from "../../src/cli/serve.ts";
import { thisProgram } from "../../src/cli/this-program.ts";
import { systemClock } from "../../src/core/clock.ts";

const [time = "", ...args] = process.argv.slice(2);
const clock = { ...systemClock, now: () => new Date(time) };
process.exitCode = await serve({ ...thisProgram(), clock }, args);
