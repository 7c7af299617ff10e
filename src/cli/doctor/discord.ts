import type { Config, DiscordSettings } from "../../config.ts";
import { checkDiscord, type DiscordCheck } from "../../discord/check.ts";
import { broken, off, ok, warning, type Check, type Finding } from "./check.ts";

/** Servers that are named one by one. */
const MAX_NAMED = 10;

type Known = Extract<DiscordCheck, { kind: "known" }>;

/** Token, intents and servers, from one round of questions. */
export function checkDiscordRoom(
  deps: { readonly fetch: typeof globalThis.fetch },
  { discord }: Config,
): readonly Check[] {
  if (discord === null) {
    return [{ name: "discord", run: async () => off("DISCORD_BOT_TOKEN is not set") }];
  }
  let asked: Promise<DiscordCheck> | null = null;
  const ask = (signal: AbortSignal) => (asked ??= checkDiscord(deps, discord, signal));
  const check = (name: string, judge: (known: Known) => Finding): Check => ({
    name,
    async run(signal) {
      const found = await ask(signal);
      return found.kind === "known" ? judge(found) : off("needs a token that works");
    },
  });
  return [
    {
      name: "discord token",
      async run(signal) {
        return judgeToken(await ask(signal), discord);
      },
    },
    check("discord intents", (known) => judgeIntents(known, discord)),
    check("discord servers", (known) => judgeServers(known, discord)),
  ];
}

function judgeToken(found: DiscordCheck, { clientId }: DiscordSettings): Finding {
  if (found.kind === "token-refused")
    return broken(
      "Discord does not accept it",
      "Reset it at https://discord.com/developers/applications, page Bot, and set DISCORD_BOT_TOKEN again.",
    );
  if (clientId !== null && clientId !== found.applicationId)
    return warning(
      `belongs to the application ${found.applicationId}, not to DISCORD_CLIENT_ID`,
      "Set the two of one application, or leave DISCORD_CLIENT_ID out.",
    );
  return ok(`belongs to ${found.botName}, application ${found.applicationId}`);
}

function judgeIntents(found: Known, { messageContent }: DiscordSettings): Finding {
  if (!messageContent)
    return ok("Message Content is not asked for; mentions, replies and DMs only");
  if (found.messageContent) return ok("Message Content is on");
  return broken(
    "Message Content is off, so that Discord will refuse her",
    "Switch it on at https://discord.com/developers/applications, page Bot, or set DISCORD_MESSAGE_CONTENT=off.",
  );
}

function judgeServers({ servers, inviteUrl }: Known, { allowedServers }: DiscordSettings): Finding {
  if (servers.length === 0)
    return warning("she is in none, so that only DMs reach her", `Invite her: ${inviteUrl}`);
  const absent = [...allowedServers].filter((id) => !servers.some((server) => server.id === id));
  const lacking = servers.filter(({ missing }) => missing.length > 0);
  const advice = [
    ...absent.map((id) => `DISCORD_ALLOWED_SERVERS has ${id}, where she is not.`),
    ...lacking
      .slice(0, MAX_NAMED)
      .map(({ id, name, missing }) => `In ${name} (${id}) she may not ${missing.join(", ")}.`),
    ...(lacking.length > MAX_NAMED ? [`And ${lacking.length - MAX_NAMED} more.`] : []),
  ];
  const says = `she is in ${servers.length}`;
  if (advice.length === 0) return ok(says);
  return warning(`${says}, and something is missing`, ...advice, `Invite her again: ${inviteUrl}`);
}
