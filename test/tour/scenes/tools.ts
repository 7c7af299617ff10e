import { setTimeout as sleep } from "node:timers/promises";
import type { Message } from "../../fake-discord/index.ts";
import type { Scene } from "../scene.ts";

const has =
  (label: string) =>
  ({ buttons }: Message): boolean =>
    buttons.some((button) => button.label === label);

export const approval: Scene = {
  title: "A tool that asks first",
  about:
    "What reaches others waits on a card for a click of the one who asked; what came of it is told, and *Explain why* shows it later.",
  async play(t, { discord, ana, ben }) {
    const { general } = discord;
    const asked = await t.says(ana, "@Clara please tell #plans that the meeting is at ten", {
      in: general,
    });
    await t.answer(asked, general);
    const [card] = general.fromBot(asked).filter(has("Approve once"));
    if (!card) throw new Error("There is no card");
    await t.clicks(ben, card, "Approve once");
    await t.presses(ana, card, "Approve once");
    await t.becomes(card, (message) => !has("Approve once")(message));
    await t.sees(discord.guild.channel("plans"), ({ content }) => content.includes("at ten"));
    const told = await t.sees(
      general,
      (message) => message.content.includes("It is done") && has("Retry")(message),
    );
    await t.usesMenu(ana, "Explain why", told);
  },
};

export const why: Scene = {
  title: "Why this answer, and why none",
  about:
    "*Explain why* on an answer tells how it came about; on anybody's message, why she was silent.",
  async play(t, { discord, ana, ben }) {
    const { general } = discord;
    const aside = await t.says(ben, "What time is it, anybody?", { in: general });
    const answered = await t.answer(
      await t.says(ana, "@Clara What time is it?", { in: general }),
      general,
    );
    await t.usesMenu(ana, "Explain why", answered);
    // Reasons for silence are written within a second.
    await sleep(1_200);
    await t.usesMenu(ben, "Explain why", aside);
  },
};

export const toolRules: Scene = {
  title: "What tools may do",
  about: "A person makes it stricter for himself, who manages the server for everybody.",
  async play(t, { ana, mia }) {
    await t.runs(ana, "/settings tools", {
      options: { tool: "send_message_to_channel" },
      shown: "tool:send_message_to_channel",
    });
    await t.runs(mia, "/settings tools tool:send_message_to_channel rule:ask clicker:admin", {
      options: { for: "guild" },
      shown: "for:this server",
    });
    await t.runs(mia, "/settings tools");
  },
};
