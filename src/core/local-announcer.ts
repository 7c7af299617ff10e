import type { Announcement, Announcer } from "./announcer.ts";
import { turnId } from "./ids.ts";
import type { LocalOutlet } from "./local-outlet.ts";

/** Says things to whoever reads in this process; the transcript keeps them for those who come later. */
export const createLocalAnnouncer = (local: Pick<LocalOutlet, "send">): Announcer => ({
  async announce({ key, place, text, card }, signal) {
    const part = {
      turnId: turnId(`announced:${key}`),
      part: 0,
      nonce: key,
      content: withCard(text, card),
      file: null,
      replyTo: null,
      follows: null,
      running: false,
    };
    const sent = await local.send(place, part, signal);
    return sent.kind === "sent"
      ? { kind: "said", place, messageId: sent.messageId }
      : { kind: "undeliverable", reason: sent.kind };
  },
});

/** Where nothing but text can be shown. */
const withCard = (text: string, card: Announcement["card"]): string =>
  card === undefined
    ? text
    : [
        ...(text === "" ? [] : [text]),
        `**${card.title}**`,
        card.text,
        ...card.fields.map(({ name, value }) => `**${name}** ${value}`),
        `-# ${card.footer}`,
      ].join("\n");
