import type { APIActionRowComponent, APIComponentInMessageActionRow } from "discord-api-types/v10";
import { ButtonStyle, ComponentType } from "discord-api-types/v10";
import { FOLLOW_UPS, type FollowUp } from "../core/follow-up.ts";
import { turnId, type MessageId, type TurnId } from "../core/ids.ts";
import type { Snowflake } from "./snowflake.ts";

const AGAIN = "again:";

const FACES: Readonly<Record<FollowUp, { readonly label: string; readonly emoji: string }>> = {
  retry: { label: "Retry", emoji: "🔁" },
  shorter: { label: "Shorter", emoji: "✂️" },
  deeper: { label: "Deeper", emoji: "🔎" },
  continue: { label: "Continue", emoji: "▶️" },
};

/** The custom id of a button below a finished answer. It says all by itself, so that it outlives every restart. */
const followUpId = (kind: FollowUp, id: TurnId): string => `${AGAIN}${kind}:${id}`;

/** What such a button asks for; null for other buttons. */
export function toFollowUp(
  customId: string,
): { readonly kind: FollowUp; readonly turnId: TurnId } | null {
  if (!customId.startsWith(AGAIN)) return null;
  const rest = customId.slice(AGAIN.length);
  const kind = FOLLOW_UPS.find((each) => rest.startsWith(`${each}:`));
  return kind ? { kind, turnId: turnId(rest.slice(kind.length + 1)) } : null;
}

export const followUpRow = (
  offers: readonly FollowUp[],
  id: TurnId,
): APIActionRowComponent<APIComponentInMessageActionRow> => ({
  type: ComponentType.ActionRow,
  components: offers.map((kind) => ({
    type: ComponentType.Button,
    style: ButtonStyle.Secondary,
    label: FACES[kind].label,
    emoji: { name: FACES[kind].emoji },
    custom_id: followUpId(kind, id),
  })),
});

/** The click that a question was made of (see store/follow-ups.ts); null for questions that people wrote. */
export const clickOf = (question: MessageId): Snowflake | null =>
  /^discord:again:(\d+):/.exec(question)?.[1] ?? null;
