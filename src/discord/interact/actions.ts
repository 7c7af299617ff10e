import type { MessageComponentInteraction, ModalSubmitInteraction } from "discord.js";
import { MessageFlags } from "discord-api-types/v10";
import { z } from "zod";
import type { Pressed as Taken } from "../../core/components.ts";
import type { Log } from "../../core/log.ts";
import { asError } from "../../lib/as-error.ts";
import type { Action, ActionOutcome, FormAction, Pressed } from "../commands/define-action.ts";
import type { CommandContext, Offer } from "../commands/define-command.ts";
import type { Reply } from "../commands/reply.ts";
import { WORDS } from "../words.ts";
import { enter, type EnterDeps } from "./enter.ts";
import { toModal, TURN_PAGE } from "./payload.ts";
import { replace, tell, whisper, type RespondDeps } from "./respond.ts";

export interface OfferedAction {
  readonly action: Action | FormAction;
  /** Of its group. */
  readonly offer: Offer;
}

export interface ActionsDeps extends EnterDeps, RespondDeps {
  readonly actions: ReadonlyMap<string, OfferedAction>;
  readonly log: Log;
}

type Source = MessageComponentInteraction | ModalSubmitInteraction;

/** A button, a select, or a form that was sent. */
export async function runAction(
  deps: ActionsDeps,
  interaction: Source,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  await defer(interaction);
  const entered = await enter(deps, interaction, "component", signal, ANYWHERE);
  if (entered.kind === "out") return tell(interaction, entered.words);
  const { context } = entered;
  const taken = await deps.components.press(context.scope, id);
  if (taken.kind !== "pressed") return refuse(interaction, taken);
  const { data } = taken;
  let isUsedUp = false;
  try {
    if (taken.action === TURN_PAGE) {
      const { page, ...reply } = turned.parse(data);
      await replace(deps, interaction, context.scope, reply as Reply, page);
      isUsedUp = true;
      return;
    }
    const action = actionOf(deps, taken.action, context);
    if (action === "not-here") return await tell(interaction, WORDS.notHere);
    if (!action || !("run" in action)) return await tell(interaction, WORDS.oldComponent);
    const outcome = await action.run({ data, ...chosen(interaction) }, context);
    isUsedUp = outcome.kind === "replace";
    await show(deps, interaction, context, outcome);
  } catch (error) {
    deps.log.error({ action: taken.action, error: asError(error) }, "action-failed");
    await tell(interaction, WORDS.broken);
  } finally {
    await deps.components.release(id, isUsedUp);
  }
}

/** Discord takes a form only as the very first answer: within three seconds, and without a deferral before. */
export async function openForm(
  deps: ActionsDeps,
  interaction: MessageComponentInteraction,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const entered = await enter(deps, interaction, "component", signal, ANYWHERE);
  if (entered.kind === "out") return tell(interaction, entered.words);
  const { context } = entered;
  const taken = await deps.components.press(context.scope, id);
  if (taken.kind !== "pressed") return refuse(interaction, taken);
  try {
    const action = actionOf(deps, taken.action, context);
    if (action === "not-here") return await tell(interaction, WORDS.notHere);
    if (!action || !("form" in action)) return await tell(interaction, WORDS.oldComponent);
    const form = action.form({ data: taken.data, values: [], fields: {} }, context);
    const { modal, control } = toModal(deps, form);
    await deps.components.keep(context.scope, [control]);
    await interaction.showModal(modal);
  } catch (error) {
    deps.log.error({ action: taken.action, error: asError(error) }, "form-failed");
    await tell(interaction, WORDS.broken);
  } finally {
    await deps.components.release(id, false);
  }
}

/** What a control leads to is known only when it is pressed. */
const ANYWHERE = { offer: "anywhere" } as const;

function actionOf({ actions }: ActionsDeps, name: string, { isCarried }: CommandContext) {
  const found = actions.get(name);
  return isCarried && found && found.offer !== "anywhere" ? "not-here" : found?.action;
}

async function show(
  deps: RespondDeps,
  interaction: Parameters<typeof replace>[1],
  { scope }: CommandContext,
  outcome: ActionOutcome,
): Promise<void> {
  switch (outcome.kind) {
    case "replace":
      return replace(deps, interaction, scope, outcome.reply);
    case "whisper":
      return whisper(deps, interaction, scope, outcome.reply);
    case "nothing":
      return;
  }
}

/** As we wrote it, in payload.ts. */
const turned = z.looseObject({ text: z.string(), page: z.number(), rows: z.array(z.unknown()) });

const defer = async (interaction: Source): Promise<unknown> =>
  interaction.isMessageComponent() || interaction.isFromMessage()
    ? interaction.deferUpdate()
    : interaction.deferReply({ flags: MessageFlags.Ephemeral });

async function refuse(
  interaction: Source,
  { kind }: Exclude<Taken, { kind: "pressed" }>,
): Promise<void> {
  // Pressed twice: the first press answers.
  if (kind !== "busy")
    await tell(interaction, kind === "gone" ? WORDS.oldComponent : WORDS.notYourControl);
}

function chosen(interaction: Source): Omit<Pressed, "data"> {
  if (interaction.isModalSubmit()) {
    const fields = [...interaction.fields.fields.values()].flatMap((field) =>
      "value" in field && typeof field.value === "string" ? [[field.customId, field.value]] : [],
    );
    return { values: [], fields: Object.fromEntries(fields) as Record<string, string> };
  }
  return { values: interaction.isAnySelectMenu() ? interaction.values : [], fields: {} };
}
