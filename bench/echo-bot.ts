/** The floor: what discord.js alone needs to answer a mention with the same words. Nothing is kept, nothing is asked. */
import { Client, Events, GatewayIntentBits } from "discord.js";

const client = new Client({
  intents: [
    GatewayIntentBits.Guilds,
    GatewayIntentBits.GuildMessages,
    GatewayIntentBits.MessageContent,
  ],
  allowedMentions: { parse: [] },
  rest: { api: process.env["DISCORD_API_BASE"] ?? "https://discord.com/api" },
});

client.on(Events.MessageCreate, (message) => {
  if (message.author.bot || !client.user || !message.mentions.has(client.user)) return;
  message.reply(message.cleanContent).catch((error: unknown) => console.error(error));
});

process.once("SIGTERM", () => void client.destroy());
await client.login(process.env["DISCORD_BOT_TOKEN"]);
