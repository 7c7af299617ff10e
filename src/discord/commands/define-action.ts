import type { JsonObject } from "../../core/model.ts";
import type { CommandContext } from "./define-command.ts";
import type { Form, Reply } from "./reply.ts";

/** What a person chose in a select (`values`), or wrote in a form (`fields`, by name). */
export interface Pressed {
  /** As it was given to the control. Data of an older version of Clara may lie there: parse it. */
  readonly data: JsonObject;
  readonly values: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
}

export type ActionOutcome =
  /** Takes the place of the message that the control stands on. */
  | { readonly kind: "replace"; readonly reply: Reply }
  /** Comes below it, for the one who pressed only. */
  | { readonly kind: "whisper"; readonly reply: Reply }
  | { readonly kind: "nothing" };

/** What a button, select or form leads to. Pressed twice at once, it runs once. */
export interface Action {
  /** Unique, for example "memory-forget". */
  readonly name: string;
  readonly run: (pressed: Pressed, context: CommandContext) => Promise<ActionOutcome>;
}

/** An action whose button opens a form at once: Discord takes a form only as the very first answer, so nothing slow here. */
export interface FormAction {
  readonly name: string;
  readonly form: (pressed: Pressed, context: CommandContext) => Form;
}

/** The identity function with types. */
export const defineAction = (action: Action): Action => action;
export const defineFormAction = (action: FormAction): FormAction => action;
