import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { defineCommand } from "./define-command.ts";

interface Deps {
  readonly botName: string;
  readonly stopPhrases: readonly string[];
}

/** `/clara help`: what one can do, by topic. */
export const help = (deps: Deps) => {
  const topics = topicsFor(deps);
  return defineCommand({
    name: "help",
    description: "What you can do with me",
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: "topic",
        description: "One topic; leave it out for all of them",
        required: false,
        choices: Object.keys(topics).map((name) => ({ name, value: name })),
      },
    ],
    async run({ topic = "" }) {
      const one = topics[topic];
      return one ?? Object.values(topics).join("\n\n");
    },
  });
};

const topicsFor = ({ botName, stopPhrases }: Deps): Readonly<Record<string, string>> => ({
  talking: [
    "**Talking**",
    `Mention me, reply to me, or write me a DM. Edit your question and my answer follows; delete it and I forget it.`,
  ].join("\n"),
  models: [
    "**Models**",
    "Begin a question with `!high` for the most capable model, `!mid` for the usual one, `!low` for the quickest.",
  ].join("\n"),
  stopping: [
    "**Stopping**",
    `Press the Stop button under an answer that grows${phrases(stopPhrases)}. Who manages the channel may stop me, too.`,
  ].join("\n"),
  channels: [
    "**Channels**",
    `\`/clara channel\` tells what I do in a channel. Who may manage channels sets it to \`mention\`, \`active\` or \`off\`. Threads do as their channel does.`,
  ].join("\n"),
  troubles: [
    "**When I say nothing**",
    "`/clara doctor` tells what I may do in a channel, what is missing, and gives the link or the place in Discord's settings that puts it right. *Apps → Explain why* on a message tells why that one got no answer.",
  ].join("\n"),
  about: [
    "**About**",
    `\`/clara info\` tells which ${botName} this is. What she promises is in docs/PROMISES.md of her source.`,
  ].join("\n"),
});

const phrases = (all: readonly string[]): string =>
  all.length === 0 ? "" : `, or say ${all.map((phrase) => `*${phrase}*`).join(", ")}`;
