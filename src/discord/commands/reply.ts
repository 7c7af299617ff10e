import type { JsonObject } from "../../core/model.ts";

/**
 * What one person reads after a command, a button or a menu. Only the person who asked sees it.
 * Plain data: the frame splits what is longer than a message into pages, and turns controls into Discord's.
 */
export interface Reply {
  /** Markdown. Longer than one message becomes pages. */
  readonly text: string;
  /** Stands in a frame of its own, with the controls within it. What is put in its place later does, too. */
  readonly isPanel?: boolean;
  /** At most five rows; a select takes a row of its own. */
  readonly rows?: readonly (readonly Control[])[];
  readonly files?: readonly ReplyFile[];
}

export interface ReplyFile {
  readonly name: string;
  readonly content: Uint8Array;
  /** For those who do not see a picture. */
  readonly description?: string;
}

export type Control = ButtonControl | LinkControl | SelectControl;

/** Leads to one action. The frame keeps action and data in the store under a short id, with who may press it and until when. */
interface Leading {
  readonly action: string;
  /** What the action needs to know; nothing of it goes to Discord. */
  readonly data: JsonObject;
  readonly isDisabled?: boolean;
}

export interface ButtonControl extends Leading {
  readonly kind: "button";
  readonly label: string;
  readonly style?: "primary" | "secondary" | "success" | "danger";
}

export interface LinkControl {
  readonly kind: "link";
  readonly label: string;
  readonly url: string;
}

export interface SelectControl extends Leading {
  readonly kind: "select";
  readonly placeholder: string;
  /** At most 25 choices; or one of Discord's own lists of channels, roles or people. */
  readonly from: readonly Choice[] | "channels" | "roles" | "people";
  readonly min?: number;
  readonly max?: number;
}

export interface Choice {
  readonly name: string;
  readonly value: string;
  readonly description?: string;
  readonly isChosen?: boolean;
}

/** A form of at most five fields; what is filled in goes to the action. */
export interface Form {
  readonly title: string;
  readonly fields: readonly Field[];
  readonly action: string;
  readonly data: JsonObject;
}

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly style: "short" | "long";
  readonly value?: string;
  readonly placeholder?: string;
  readonly isRequired?: boolean;
  readonly maxLength?: number;
}
