import { z } from "zod";
import type { Setup } from "../../core/setup.ts";
import { defineAction, defineFormAction } from "./define-action.ts";
import { defineCommand, type CommandContext } from "./define-command.ts";
import type { Reply } from "./reply.ts";

const ASK = "setup-key";
const ENTER = "setup-enter";
/** Longer than any provider's key. */
const MAX_KEY_CHARS = 400;
const OPERATORS_ONLY = "Only the owner of this bot's application can set me up.";

interface Deps {
  readonly setup: Setup;
  readonly botName: string;
  /** Adds her to a server with exactly the permissions that she needs; null before Discord said who she is. */
  readonly inviteUrl: () => string | null;
}

const about = z.object({ variable: z.string() });

/** `/clara setup`: from a bare token to a real model, without a shell. For the operator only. */
export const setup = (deps: Deps) =>
  defineCommand({
    name: "setup",
    description: "For my owner: give me the key of a model, and invite me to a server",
    options: [],
    run: async (_, { isOperator }) => (isOperator ? wizard(deps) : OPERATORS_ONLY),
  });

/** What the wizard's buttons and its form lead to. */
export const setupActions = (deps: Deps) => [
  defineFormAction({
    name: ASK,
    form({ data }) {
      const { variable } = about.parse(data);
      const provider = deps.setup.providers.find((each) => each.variable === variable);
      return {
        title: `Key for ${provider?.name ?? "a provider"}`,
        fields: [
          {
            name: "key",
            label: "The key; it is tried, then kept sealed",
            style: "short",
            placeholder: provider?.url ?? "",
            isRequired: true,
            maxLength: MAX_KEY_CHARS,
          },
        ],
        action: ENTER,
        data,
      };
    },
  }),
  defineAction({
    name: ENTER,
    async run({ data, fields }, { isOperator, signal }: CommandContext) {
      if (!isOperator) return { kind: "whisper", reply: { text: OPERATORS_ONLY } };
      const { variable } = about.parse(data);
      const entered = await deps.setup.enterKey(variable, fields["key"] ?? "", signal);
      if (entered.kind === "refused")
        return {
          kind: "whisper",
          reply: { ...wizard(deps), text: `That key was not taken. ${entered.words}` },
        };
      const text = `The key works, and is kept. \`${entered.model}\` answers from now on.`;
      return { kind: "whisper", reply: { text, rows: inviteRow(deps) } };
    },
  }),
];

function wizard(deps: Deps): Reply {
  const { setup: current, botName } = deps;
  const text = current.isDemo()
    ? [
        `**${botName} is here, with a demo model.** It follows a small script and costs nothing.`,
        "For real answers, take a provider and enter its key. I try it with one small call; it is sealed at rest, and neither I nor a log ever shows it.",
      ]
    : [
        `**${botName} is set up.** A real model answers.`,
        "Another provider's key takes its place. What stands in the environment wins over what is entered here.",
      ];
  return {
    text: [
      ...text,
      ...current.providers.map(({ name, url }) => `- ${name}: a key comes from <${url}>`),
    ].join("\n"),
    rows: [
      current.providers.map(({ name, variable }) => ({
        kind: "button" as const,
        label: name,
        action: ASK,
        data: { variable },
      })),
      ...inviteRow(deps),
    ],
  };
}

function inviteRow({ inviteUrl }: Deps): NonNullable<Reply["rows"]> {
  const url = inviteUrl();
  return url === null ? [] : [[{ kind: "link", label: "Invite me to a server", url }]];
}
