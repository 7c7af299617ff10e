/** Makes an empty database in a folder and ends: `node first-boot.ts FOLDER`. */
import { openPglite } from "./pglite.ts";

const [, , folder = ""] = process.argv;
const { close } = await openPglite({ folder });
await close();
