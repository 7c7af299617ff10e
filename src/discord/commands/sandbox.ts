import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
} from "discord-api-types/v10";
import { z } from "zod";
import { sandboxOwnerOf } from "../../core/sandbox-owner.ts";
import {
  SANDBOX_PLACES,
  SandboxProblem,
  type SandboxDesk,
  type SandboxPlace,
  type WorkspaceSnapshot,
} from "../../core/sandbox.ts";
import { defineAction } from "./define-action.ts";
import {
  defineCommand,
  defineGroup,
  type Command,
  type CommandContext,
  type CommandGroup,
  type CommandInput,
} from "./define-command.ts";
import type { Reply } from "./reply.ts";
import { inWords, statusReply } from "./sandbox-status.ts";
import { filesReply } from "./sandbox-files.ts";

const STOP = "sandbox-stop";
const MAX_CHOICES = 25;

/** `/sandbox`: where code runs, and what is in the workspace that one has here. */
export const sandboxGroup = (desk: SandboxDesk): CommandGroup =>
  defineGroup({
    name: "sandbox",
    description: "Where I run code for you, and the files that are there",
    commands: [status(desk), mode(desk), files(desk), reset(desk)],
    actions: [
      defineAction({
        name: STOP,
        async run({ data }, { isOperator, signal }) {
          const { id } = z.object({ id: z.string() }).parse(data);
          const isStopped = isOperator && (await desk.workspaces.stop(id, signal));
          const text = isStopped ? "Ended; its files stay." : "That one runs no more.";
          return { kind: "whisper", reply: { text } };
        },
      }),
    ],
  });

const status = (desk: SandboxDesk) =>
  command(
    "status",
    "Whether code can run, and how much of your workspace is used",
    [],
    (_, context) => statusReply(desk, context, STOP),
  );

const MODE: APIApplicationCommandBasicOption = {
  type: ApplicationCommandOptionType.String,
  name: "place",
  description: "Where code shall run until the next start; whoever runs me may say so",
  choices: SANDBOX_PLACES.map((place) => ({ name: place, value: place })),
};

const PLACES: Readonly<Record<SandboxPlace, string>> = {
  auto: "on the other machine while it answers, else here (auto)",
  local: "on my own machine (local)",
  remote: "on another machine (remote)",
};

const mode = (desk: SandboxDesk) =>
  command("mode", "Where code runs", [MODE], async (input, { isOperator }) => {
    const wanted = SANDBOX_PLACES.find((place) => place === input["place"]);
    if (wanted === undefined) return `Code runs ${PLACES[desk.place()]}.`;
    if (!isOperator) return "Only whoever runs me can change where code runs.";
    return desk.moveTo(wanted)
      ? `Code runs ${PLACES[wanted]} from now on, until the next start; SANDBOX_MODE says it for good.`
      : "No other machine is set up: that takes SANDBOX_API_URL and SANDBOX_API_KEY.";
  });

const DOWNLOAD: APIApplicationCommandBasicOption = {
  type: ApplicationCommandOptionType.String,
  name: "download",
  description: "All of them as one archive",
  choices: [{ name: "zip", value: "zip" }],
};

const files = ({ workspaces }: SandboxDesk) =>
  command("files", "The files of your workspace here", [DOWNLOAD], (input, context) =>
    filesReply(workspaces, context, input["download"] !== undefined),
  );

const TO: APIApplicationCommandBasicOption = {
  type: ApplicationCommandOptionType.String,
  name: "to",
  description: "How it was after an earlier run; left out, all of it goes",
  autocomplete: true,
};

const reset = ({ workspaces }: SandboxDesk): Command => ({
  ...command(
    "reset",
    "Empty your workspace here, or make it what it was",
    [TO],
    async (input, context) => {
      const owner = sandboxOwnerOf(context.scope);
      const { to } = input;
      if (to === undefined) {
        await workspaces.forget(owner, context.signal);
        return "Your workspace here is empty, and so are its earlier states.";
      }
      const isBack = await workspaces.rollBack(owner, to, context.signal);
      return isBack
        ? "Your workspace here is what it was then. Names of a Python session are gone; `/sandbox reset` with another state takes it back."
        : "That state is not there any more. Choose one of the list.";
    },
  ),
  suggest: {
    to: async (_, __, { scope, signal }) => {
      const { snapshots } = await workspaces.status(sandboxOwnerOf(scope), signal);
      return snapshots.slice(1, MAX_CHOICES + 1).map(toChoice);
    },
  },
});

const toChoice = ({ id, savedAt, files: count, sizeBytes }: WorkspaceSnapshot) => ({
  name: `${savedAt.toISOString().slice(0, 19).replace("T", " ")} UTC: ${count} files, ${inWords(sizeBytes)}`,
  value: id,
});

/** What stands in the way of running code is told as it is. */
const command = (
  name: string,
  description: string,
  options: readonly APIApplicationCommandBasicOption[],
  run: (input: CommandInput, context: CommandContext) => Promise<string | Reply>,
): Command =>
  defineCommand({
    name,
    description,
    options,
    async run(input, context) {
      try {
        return await run(input, context);
      } catch (error) {
        if (error instanceof SandboxProblem) return `❌ ${error.message}`;
        throw error;
      }
    },
  });
