/** A process of its own that takes a data folder and keeps it: `node lock-child.ts FOLDER`. */
import { lockFolder } from "../src/store/embedded/lock.ts";

const [, , dataDir = ""] = process.argv;
process.stdin.resume().on("end", () => process.kill(process.pid, "SIGKILL"));
await lockFolder(dataDir);
process.stdout.write("locked\n");
