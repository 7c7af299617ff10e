import type { REST } from "discord.js";
import { RequestMethod } from "discord.js";
import type { APIActionRowComponent, APIComponentInMessageActionRow } from "discord-api-types/v10";
import { ButtonStyle, ComponentType, Routes } from "discord-api-types/v10";
import { turnId, type TurnId } from "../core/ids.ts";
import type { ReceiptOutlet, ShownReceipt } from "../core/receipts.ts";
import { followUpRow } from "./follow-up-buttons.ts";
import { ask } from "./outlet-request.ts";

type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

const SHOW = "learnt:show:";
const UNDO = "learnt:undo:";

/** What such a button asks for; null for other buttons. */
export function toReceiptPress(
  customId: string,
): { readonly wants: "show" | "undo"; readonly turnId: TurnId } | null {
  if (customId.startsWith(SHOW))
    return { wants: "show", turnId: turnId(customId.slice(SHOW.length)) };
  if (customId.startsWith(UNDO))
    return { wants: "undo", turnId: turnId(customId.slice(UNDO.length)) };
  return null;
}

/** Its button tells how much, and shows what. As a button it takes no place in words that may be full. */
const receiptRow = ({ turnId: id, label, canUndo }: ShownReceipt): Row => ({
  type: ComponentType.ActionRow,
  components: [
    {
      type: ComponentType.Button,
      style: ButtonStyle.Secondary,
      label: `${label} · Show`,
      emoji: { name: "🧠" },
      custom_id: `${SHOW}${id}`,
    },
    ...(canUndo
      ? [
          {
            type: ComponentType.Button,
            style: ButtonStyle.Secondary,
            label: "Undo",
            custom_id: `${UNDO}${id}`,
          } as const,
        ]
      : []),
  ],
});

/** Changes nothing of an answer but what stands below it. Where the operator wants no buttons, there is none. */
export const createReceiptOutlet = (
  { rest }: { readonly rest: REST },
  { answerButtons }: { readonly answerButtons: boolean },
): ReceiptOutlet => ({
  async show(receipt, signal) {
    if (!answerButtons) return;
    const { place, messageId, offers, turnId: id } = receipt;
    const below = offers.length > 0 ? [followUpRow(offers, id)] : [];
    await ask(
      rest,
      {
        method: RequestMethod.Patch,
        fullRoute: Routes.channelMessage(place.channelId, messageId),
        body: { components: [...below, receiptRow(receipt)] },
      },
      signal,
    );
  },
});
