/** Preloaded where the program's own speed is asked for: discord.js keeps itself to Discord's 50 requests a second. */
import { DefaultRestOptions } from "discord.js";

// Read-only by its type, and yet what every client of the process begins with.
Object.assign(DefaultRestOptions, { globalRequestsPerSecond: Number.POSITIVE_INFINITY });
