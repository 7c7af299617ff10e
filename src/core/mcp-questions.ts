import type { ConversationId } from "./ids.ts";
import type { Conversation } from "./message.ts";
import type { Scope } from "./principal.ts";

/** What a server wants of the person whose call it works on. Its words are a stranger's. */
export type McpQuestion = { readonly serverName: string; readonly message: string } & (
  | { readonly kind: "form"; readonly fields: readonly McpField[] }
  /** To be done on a page of the server's; nothing of it comes back here. */
  | { readonly kind: "page"; readonly url: string }
  /** A call of a model on the person's budget. `system` and `text`: all that the model would read. */
  | { readonly kind: "sampling"; readonly system: string; readonly text: string }
);

export interface McpField {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly type: "text" | "number" | "integer" | "boolean" | "choice" | "choices";
  /** Of a choice; empty otherwise. */
  readonly choices: readonly { readonly value: string; readonly name: string }[];
  readonly isRequired: boolean;
  readonly initial: string;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

export type McpAnswer =
  /** By field, as the person wrote it; empty for a page and a sampling. */
  | { readonly kind: "accepted"; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: "declined" }
  /** Nobody answered in time, or nobody could be asked. */
  | { readonly kind: "cancelled" };

export interface AskedQuestion {
  readonly id: string;
  readonly question: McpQuestion;
  readonly expiresAt: Date;
}

/** Questions that wait for a person, and what the person said: asked by one process, heard by another. */
export interface McpQuestions {
  /** For the scope's principal. False when as many of his wait already as may. */
  readonly ask: (scope: Scope, question: AskedQuestion) => Promise<boolean>;
  /** null when it is somebody else's, answered, or over. */
  readonly look: (scope: Scope, id: string, now: Date) => Promise<McpQuestion | null>;
  /** Once, by the one who was asked; false as above. */
  readonly answer: (scope: Scope, id: string, answer: McpAnswer, now: Date) => Promise<boolean>;
  /** What was said; null while nothing was. */
  readonly heard: (scope: Scope, id: string) => Promise<McpAnswer | null>;
  /** With all that was said. */
  readonly forget: (scope: Scope, id: string) => Promise<void>;
  /** Where that is; null when it is not known, or others than the scope's readers read there. */
  readonly placeOf: (scope: Scope, id: ConversationId) => Promise<Conversation | null>;
}
