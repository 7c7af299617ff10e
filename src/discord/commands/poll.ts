import { ApplicationCommandOptionType as Option } from "discord-api-types/v10";
import { POLL_LIMITS, type ChannelPosts } from "../../core/channel-posts.ts";
import type { GuildAccess } from "../../core/guild-access.ts";
import { defineCommand, defineGroup } from "./define-command.ts";

interface Deps {
  readonly access: GuildAccess;
  readonly posts: ChannelPosts;
  /** At most 22 characters, unique. */
  readonly createKey: () => string;
}

/** `/poll start`: one of Discord's own polls, in this channel, for those who may start polls here. */
export const poll = (deps: Deps) =>
  defineGroup({
    name: "poll",
    offer: "servers",
    description: "Ask everybody here",
    commands: [
      defineCommand({
        name: "start",
        description: "Start a poll in this channel",
        options: [
          {
            type: Option.String,
            name: "question",
            description: "What to ask",
            required: true,
            max_length: POLL_LIMITS.questionChars,
          },
          {
            type: Option.String,
            name: "answers",
            description: "2 to 10 answers, with semicolons between them",
            required: true,
            max_length: 600,
          },
          {
            type: Option.Integer,
            name: "hours",
            description: "How long it is open; left out: 24",
            required: false,
            min_value: 1,
            max_value: POLL_LIMITS.maxHours,
          },
          {
            type: Option.Boolean,
            name: "multiple",
            description: "Whether one may choose several answers",
            required: false,
          },
        ],
        async run({ question = "", answers = "", hours = "24", multiple }, context) {
          const { scope, conversation, signal } = context;
          const choices = answers
            .split(";")
            .map((each) => each.trim())
            .filter((each) => each !== "");
          const problem = problemOf(choices);
          if (problem !== null) return problem;
          const standing = await deps.access.standing(scope.principal, signal);
          const here = standing?.places.find((place) => place.conversation.id === conversation.id);
          if (!here) return "Polls are for servers.";
          if (!here.mayPoll) return "You or I may not start polls here.";
          const given = {
            question,
            answers: choices,
            hours: Number(hours),
            isMultiple: multiple === "true",
          };
          const posted = await deps.posts.poll(conversation, deps.createKey(), given, signal);
          return posted.kind === "posted"
            ? `Your poll is open: ${posted.url}`
            : `Discord refused it (${posted.reason}).`;
        },
      }),
    ],
  });

function problemOf(choices: readonly string[]): string | null {
  const { minAnswers, maxAnswers, answerChars } = POLL_LIMITS;
  if (choices.length < minAnswers || choices.length > maxAnswers)
    return `A poll has ${minAnswers} to ${maxAnswers} answers, with semicolons between them.`;
  if (choices.some((choice) => choice.length > answerChars))
    return `An answer has at most ${answerChars} characters.`;
  return null;
}
