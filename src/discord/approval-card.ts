import type { APIActionRowComponent, APIComponentInMessageActionRow } from "discord-api-types/v10";
import { ButtonStyle, ComponentType } from "discord-api-types/v10";
import type { ApprovalChoice } from "../core/approvals.ts";
import type { ApprovalCard, RenderedPart } from "../core/outlet.ts";
import type { OutboxCard } from "../core/turn.ts";

const PREFIX = "ap:";
/** Of the arguments on a phone's screen; what is longer is in the file, whole. */
const HEAD_CHARS = 500;
const TAIL_CHARS = 200;
const ALL_IN_FILE = "-# 📄 That is not all of it: the file has the whole call. Look at it first.";
const FILE_NAME = "whole-call.json";

const BUTTONS: Readonly<
  Record<
    ApprovalChoice,
    { readonly label: string; readonly style: 1 | 2 | 3 | 4; readonly key: string }
  >
> = {
  once: { label: "Approve once", style: ButtonStyle.Success, key: "o" },
  conversation: { label: "For this conversation", style: ButtonStyle.Secondary, key: "c" },
  always: { label: "Always for these arguments", style: ButtonStyle.Secondary, key: "a" },
  deny: { label: "Deny", style: ButtonStyle.Danger, key: "d" },
};

/** The card as a message: the words, and of the exact arguments as much as can be read on a phone. */
export function renderCard({ approval, words, details, choices }: ApprovalCard): RenderedPart {
  // Nothing in the arguments may end the code block.
  const shown = shorten(details).replaceAll("`", "ʼ");
  const isAll = shown === details;
  return {
    content: [words, `\`\`\`json\n${shown}\n\`\`\``, ...(isAll ? [] : [ALL_IN_FILE])].join("\n"),
    file: isAll ? null : { name: FILE_NAME, text: details },
    card: { approvalId: approval.id, choices },
  };
}

/** The beginning and the end: what is hidden in a long text hides there or in the middle, which the file shows. */
const shorten = (details: string): string =>
  details.length <= HEAD_CHARS + TAIL_CHARS
    ? details
    : `${details.slice(0, HEAD_CHARS)}\n… ${details.length - HEAD_CHARS - TAIL_CHARS} characters more …\n${details.slice(-TAIL_CHARS)}`;

export const cardRow = ({
  approvalId,
  choices,
}: OutboxCard): APIActionRowComponent<APIComponentInMessageActionRow> => ({
  type: ComponentType.ActionRow,
  components: choices.map((choice) => ({
    type: ComponentType.Button,
    style: BUTTONS[choice].style,
    label: BUTTONS[choice].label,
    custom_id: `${PREFIX}${BUTTONS[choice].key}:${approvalId}`,
  })),
});

/** The call and the choice that a button stands for; null for other buttons. */
export function choiceOf(
  customId: string,
): { readonly id: string; readonly choice: ApprovalChoice } | null {
  if (!customId.startsWith(PREFIX)) return null;
  const [key, id] = customId.slice(PREFIX.length).split(":");
  const found = Object.entries(BUTTONS).find(([, button]) => button.key === key);
  return found && id ? { id, choice: found[0] as ApprovalChoice } : null;
}
