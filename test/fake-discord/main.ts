/** `npm run fake-discord [port]`: a Discord to try the bot on by hand, with a page to talk to it. */
import { startFakeDiscord } from "./index.ts";
import { createPage } from "./page/page.ts";

const DEFAULT_PORT = 8123;

const port = Number(process.argv[2] ?? process.env["PORT"] ?? DEFAULT_PORT);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`The port must be a number from 0 to 65535: npm run fake-discord ${DEFAULT_PORT}`);
  process.exit(1);
}

const discord = await startFakeDiscord({ port, rateLimits: "discord", page: createPage }).catch(
  (error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    console.error(`Port ${port} is taken. Choose another: npm run fake-discord ${port + 1}`);
    process.exit(1);
  },
);
console.log(`A Discord of your own. Put this into .env, then start the bot:

DISCORD_BOT_TOKEN=${discord.env.DISCORD_BOT_TOKEN}
DISCORD_API_BASE=${discord.env.DISCORD_API_BASE}

Talk to it at http://127.0.0.1:${discord.port}/ (Ctrl-C ends it, and everything said in it is gone)`);

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void discord[Symbol.asyncDispose]());
