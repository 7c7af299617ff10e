import type { Actor, FakeDiscord, Message, Place } from "../index.ts";

const MAX_SHOWN = 100;
const DM = "dm";

/** What the page shows: everything that this person would see in Discord's own client. */
export interface View {
  readonly online: boolean;
  readonly places: readonly { readonly id: string; readonly name: string }[];
  readonly messages: readonly ViewedMessage[];
  readonly typing: readonly string[];
}

interface ViewedMessage {
  readonly id: string;
  readonly author: string;
  readonly isBot: boolean;
  readonly isMine: boolean;
  readonly isEdited: boolean;
  readonly onlyForMe: boolean;
  readonly text: string;
  readonly replyTo: string | null;
  readonly buttons: Message["buttons"];
  readonly files: readonly { readonly name: string; readonly url: string }[];
}

export function viewFor(discord: FakeDiscord, who: string, where: string): View {
  const person = discord.person(who);
  const place = placeOf(discord, person, where);
  return {
    online: discord.gateway.isConnected(),
    places: [
      ...discord.guild.places().map(({ id, channel: { name } }) => ({ id, name: `#${name}` })),
      { id: DM, name: `DM with ${discord.bot.username}` },
    ],
    messages: place
      .seenBy(person)
      .slice(-MAX_SHOWN)
      .map((message) => toViewed(discord, person, place, message)),
    typing: place.typers().filter((name) => name !== person.user.username),
  };
}

/** By id; "dm" is the person's own with the bot. */
export function placeOf(discord: FakeDiscord, person: Actor, id: string): Place {
  const place = id === DM ? person.dmPlace() : discord.guild.places().find((one) => one.id === id);
  if (!place) throw new Error("that place is gone");
  return place;
}

function toViewed(
  discord: FakeDiscord,
  person: Actor,
  place: Place,
  message: Message,
): ViewedMessage {
  const { id, author, edits, onlyFor, buttons, files, replyTo } = message;
  const answered = place.seenBy(person).find((other) => other.id === replyTo);
  return {
    id,
    author: author.username,
    isBot: author.bot,
    isMine: author.id === person.id,
    isEdited: edits > 0 && !author.bot,
    onlyForMe: onlyFor !== null,
    text: discord.asRead(message.content),
    replyTo: answered ? `${answered.author.username}: ${discord.asRead(answered.content)}` : null,
    buttons,
    files: files.map(({ name, url }) => ({ name, url })),
  };
}
