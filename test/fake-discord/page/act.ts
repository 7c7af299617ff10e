import { z } from "zod";

import { type Actor, type FakeDiscord, type Message, REQUESTS } from "../index.ts";
import { placeOf } from "./view.ts";

const somebody = { as: z.string(), in: z.string() };
const deed = z.discriminatedUnion("do", [
  z.object({ do: z.literal("say"), ...somebody, text: z.string(), replyTo: z.string().nullable() }),
  z.object({ do: z.literal("edit"), ...somebody, message: z.string(), text: z.string() }),
  z.object({ do: z.literal("delete"), ...somebody, message: z.string() }),
  z.object({ do: z.literal("click"), ...somebody, message: z.string(), button: z.string() }),
  z.object({ do: z.literal("drop") }),
  z.object({ do: z.literal("op9") }),
  z.object({ do: z.literal("502") }),
]);

/** Does what was pressed on the page. Throws with words for the person. */
export async function act(discord: FakeDiscord, asked: unknown): Promise<void> {
  const wanted = deed.parse(asked);
  switch (wanted.do) {
    case "drop":
      return discord.gateway.drop();
    case "op9":
      return discord.gateway.invalidSession(false);
    case "502":
      return void discord.faults.add({ kind: "status-after-commit", match: REQUESTS.sends });
    case "say":
      return say(discord, wanted);
    case "edit":
      return void (await discord.person(wanted.as).edits(find(discord, wanted), wanted.text));
    case "delete":
      return discord.person(wanted.as).deletes(find(discord, wanted));
    case "click": {
      const pressed = await discord.person(wanted.as).clicks(find(discord, wanted), wanted.button);
      return void (await pressed.acknowledged());
    }
  }
}

/** A line that begins with a slash is a command. */
async function say(
  discord: FakeDiscord,
  wanted: Extract<z.infer<typeof deed>, { do: "say" }>,
): Promise<void> {
  const speaker = discord.person(wanted.as);
  const place = placeOf(discord, speaker, wanted.in);
  if (wanted.text.startsWith("/")) {
    const run = await speaker.runs(wanted.text, { in: place });
    return void (await run.acknowledged());
  }
  const answered = place.messages().find(({ id }) => id === wanted.replyTo);
  await speaker.says(wanted.text, { in: place, ...(answered ? { replyTo: answered } : {}) });
}

function find(
  discord: FakeDiscord,
  {
    as,
    in: where,
    message,
  }: { readonly as: string; readonly in: string; readonly message: string },
): Message {
  const person: Actor = discord.person(as);
  const found = placeOf(discord, person, where)
    .seenBy(person)
    .find(({ id }) => id === message);
  if (!found) throw new Error("that message is gone");
  return found;
}
