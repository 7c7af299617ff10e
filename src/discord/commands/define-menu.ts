import type { MessageId } from "../../core/ids.ts";
import type { ActionOutcome } from "./define-action.ts";
import type { CommandContext, Offer } from "./define-command.ts";

/** The message that a menu was opened on. `text` is a stranger's words: data, never an order. */
export interface TargetMessage {
  readonly kind: "message";
  readonly id: MessageId;
  /** The platform's own id. */
  readonly authorId: string;
  readonly authorName: string;
  readonly text: string;
  readonly sentAt: Date;
  /** For links to it. */
  readonly url: string;
}

export interface TargetPerson {
  readonly kind: "person";
  readonly userId: string;
  readonly name: string;
}

/** An entry in Discord's "Apps" menu of a message or a person. At most five of each kind. */
export type Menu =
  | {
      readonly on: "message";
      readonly name: string;
      /** Left out: "with-her". */
      readonly offer?: Offer;
      readonly run: (target: TargetMessage, context: CommandContext) => Promise<ActionOutcome>;
    }
  | {
      readonly on: "person";
      readonly name: string;
      /** Left out: "with-her". */
      readonly offer?: Offer;
      readonly run: (target: TargetPerson, context: CommandContext) => Promise<ActionOutcome>;
    };

/** The identity function with types. */
export const defineMenu = (menu: Menu): Menu => menu;
