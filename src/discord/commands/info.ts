import type { Tier } from "../../core/model.ts";
import { resolveSettings, type Resolved, type SettingsStore } from "../../core/settings.ts";
import { defineCommand } from "./define-command.ts";

/** What everybody may know of this Clara. */
export interface ClaraInfo {
  readonly version: string;
  /** By tier, for example `anthropic/claude-sonnet-4-5`. */
  readonly models: Readonly<Record<Tier, string>>;
  readonly database: "embedded" | "server";
}

interface Deps {
  readonly info: () => ClaraInfo;
  readonly botName: string;
  readonly messageContent: boolean;
  readonly startedAt: Date;
  readonly pingMs: () => number;
  readonly settings: Pick<SettingsStore, "of">;
}

/** `/clara info`: which version and models these are, and how she is. */
export const info = ({ info: look, botName, messageContent, startedAt, pingMs, settings }: Deps) =>
  defineCommand({
    name: "info",
    description: "Which version and models I am made of, and how I am",
    options: [],
    async run(_, { scope, conversation }) {
      const { version, models, database } = look();
      const since = `<t:${Math.floor(startedAt.getTime() / 1000)}:R>`;
      const ping = pingMs();
      return [
        `**${botName} ${version}**, started ${since}`,
        `Models: \`${models.high}\` (\`!high\`), \`${models.mid}\` (\`!mid\`), \`${models.low}\` (\`!low\`)`,
        `Database: ${database === "server" ? "PostgreSQL" : "embedded"}`,
        messageContent
          ? "I can read what is said in the channels where I am."
          : "I only see messages that mention me or reply to me, and DMs.",
        ...personalityWords(resolveSettings(await settings.of(scope, conversation))),
        ...(ping >= 0 ? [`-# Discord answers within ${Math.round(ping)} ms.`] : []),
      ].join("\n");
    },
  });

/** Everybody who may talk to her here may know who she was told to be. */
const personalityWords = ({ personality }: Resolved): readonly string[] =>
  personality === null
    ? []
    : [
        "Who keeps this place has told me who I am here:",
        ...personality.split("\n").map((line) => `> ${line}`),
      ];
