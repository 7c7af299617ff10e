import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { z } from "zod";
import type { AccessToken, AccessTokens } from "../../core/access-tokens.ts";
import type { Clock } from "../../core/clock.ts";
import { newAccessToken } from "../../lib/access-token.ts";
import { toPlain } from "../plain.ts";
import { defineAction } from "./define-action.ts";
import { defineCommand } from "./define-command.ts";
import { ownScope } from "./memory-words.ts";
import { stamp } from "./remind-press.ts";
import type { Control, Reply } from "./reply.ts";

interface Deps {
  readonly accessTokens: Pick<AccessTokens, "add" | "list" | "remove">;
  readonly clock: Pick<Clock, "now">;
}

const REMOVE = "access-token-remove";
const DAYS = 90;
const DAY_MS = 24 * 3_600_000;
const MAX_LABEL_CHARS = 60;
/** Buttons of one message. */
const MAX_SHOWN = 20;
const ROW = 5;

/** `/clara token`: a token for a program of one's own, shown once, to the one who asks. */
export const makeToken = ({ accessTokens, clock }: Deps) =>
  defineCommand({
    name: "token",
    description:
      "A token by which a program of yours (MCP) reaches your memory, files and reminders",
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: "for",
        description: "Which program it is for",
        required: true,
        max_length: MAX_LABEL_CHARS,
      },
      {
        type: ApplicationCommandOptionType.Boolean,
        name: "change",
        description: "May it change things and ask me questions, too? Left out: it only reads",
      },
    ],
    async run({ for: label = "", change }, { scope }) {
      const { token, hash, id } = newAccessToken();
      const expiresAt = new Date(clock.now().getTime() + DAYS * DAY_MS);
      const made = { id, label: toPlain(label), canChange: change === "true", expiresAt };
      if (!(await accessTokens.add(ownScope(scope), hash, made)))
        return "You have as many tokens as you may. Take one back first: `/clara tokens`.";
      return [
        `||\`${token}\`||`,
        `It is shown this once. Until ${stamp(expiresAt)} whoever has it ${
          made.canChange ? "reads and changes" : "reads"
        } what I keep of you: give it to that program, and to nobody else. \`/clara tokens\` takes it back.`,
      ].join("\n");
    },
  });

/** `/clara tokens`: those that are good, and a way to take each back. */
export const listTokens = ({ accessTokens }: Deps) =>
  defineCommand({
    name: "tokens",
    description: "The tokens of your own programs, to look at and to take back",
    options: [],
    run: async (_, { scope }) => shown(await accessTokens.list(ownScope(scope))),
  });

export const accessTokenActions = ({ accessTokens }: Deps) => [
  defineAction({
    name: REMOVE,
    async run({ data }, { scope }) {
      const { id } = z.object({ id: z.string() }).parse(data);
      await accessTokens.remove(ownScope(scope), id);
      return { kind: "replace", reply: shown(await accessTokens.list(ownScope(scope))) };
    },
  }),
];

function shown(tokens: readonly AccessToken[]): Reply {
  if (tokens.length === 0)
    return { text: "No program of yours has a token. `/clara token` makes one." };
  const listed = tokens.slice(0, MAX_SHOWN);
  const buttons = listed.map(({ id, label }): Control => ({
    kind: "button",
    label: `Take back: ${label}`,
    style: "danger",
    action: REMOVE,
    data: { id },
  }));
  const rows = Array.from({ length: Math.ceil(buttons.length / ROW) }, (_, row) =>
    buttons.slice(row * ROW, (row + 1) * ROW),
  );
  return { text: listed.map(lineOf).join("\n"), rows };
}

const lineOf = ({ label, canChange, expiresAt, lastUsedAt }: AccessToken): string =>
  `- \`${label.replaceAll("`", "ʼ")}\`: ${canChange ? "reads and changes" : "only reads"}, until ${stamp(expiresAt)}, ${
    lastUsedAt === null ? "never used" : `used ${stamp(lastUsedAt)}`
  }`;
