import { setTimeout as sleep } from "node:timers/promises";
import type { Actor, FakeDiscord, Message } from "../fake-discord/index.ts";
import { Place } from "../fake-discord/people/place.ts";
import type { ActorFile } from "../fake-discord/people/actor-file.ts";
import type { RunOptions, SayOptions } from "../fake-discord/people/actor.ts";
import type { InteractionHandle } from "../fake-discord/people/interaction-handle.ts";
import { fixed } from "./fixed.ts";
import { show, showForm } from "./show.ts";

/** More than the slowest thing takes: a reminder, or what is learnt. */
const MAX_WAIT_MS = 30_000;
const SETTLE_MS = 300;
/** An answer stands a moment before its turn is over. */
const TURN_OVER_MS = 1_000;

/** People act through it, and what they do and see is written down in this order. */
export interface Transcript {
  readonly scene: (title: string, about: string) => void;
  readonly says: (who: Actor, text: string, options?: SayOptions) => Promise<Message>;
  /** Clara's whole answer to a message, written down. */
  readonly answer: (to: Message, place: Place) => Promise<Message>;
  /** A message of hers, there or to come, that fits; written down as it is then. */
  readonly sees: (place: Place, fits: (message: Message) => boolean) => Promise<Message>;
  /** Waits until a message has changed so that it fits, and writes it down. */
  readonly becomes: (message: Message, fits: (message: Message) => boolean) => Promise<void>;
  /** `shown` stands behind the line for options that are no words of a person, as ids and files. */
  readonly runs: (
    who: Actor,
    line: string,
    options?: RunOptions & { readonly shown?: string },
  ) => Promise<Message>;
  readonly usesMenu: (who: Actor, name: string, on: Message | Actor) => Promise<Message>;
  /** A press of which nothing is to be seen at once, or which other messages show. */
  readonly presses: (who: Actor, on: Message, button: string) => Promise<InteractionHandle>;
  /** A press that is answered by a message for this person, or by a change of the one pressed. */
  readonly clicks: (who: Actor, on: Message, button: string) => Promise<Message>;
  readonly selects: (
    who: Actor,
    on: Message,
    select: string,
    values: readonly string[],
  ) => Promise<Message>;
  /** A press that opens a form, which is then filled in and sent. */
  readonly fillsIn: (
    who: Actor,
    on: Message,
    button: string,
    fields: Readonly<Record<string, string>>,
  ) => Promise<Message>;
  /** What happens that nobody says. */
  readonly note: (text: string) => void;
  readonly text: () => string;
}

export function createTranscript(discord: FakeDiscord): Transcript {
  const lines: string[] = [];
  let scenes = 0;
  const name = ({ user }: Actor) => user.username;
  const write = (head: string, body: readonly string[] = []) =>
    void lines.push(
      "",
      ...[head, ...body.map((line) => (line === "" ? "" : `  ${line}`))].map(fixed),
    );
  const act = (who: Actor, what: string) => write(`${name(who)} ${what}`);

  function shows(message: Message, place = ""): Message {
    const { onlyFor, replyTo } = message;
    const seen = discord.messages().find(({ id }) => id === replyTo);
    const marks = [
      ...(place === "" ? [] : [place]),
      ...(seen && onlyFor === null ? [`in reply to ${seen.author.username}`] : []),
      ...(onlyFor === null ? [] : [`only ${discord.asRead(`<@${onlyFor}>`).slice(1)} sees this`]),
    ];
    write(`Clara${marks.length > 0 ? ` (${marks.join(", ")})` : ""}:`, show(discord, message));
    return message;
  }

  async function outcome(handle: InteractionHandle, on: Message, before: number) {
    const has = () => handle.followups.length > 0 || on.edits > before;
    await discord.until(has, "something came of it", { timeoutMs: MAX_WAIT_MS });
    // Some presses change the message and say a word, too: the word tells more.
    await sleep(SETTLE_MS);
    return shows(handle.followups[0] ?? on);
  }

  return {
    scene(title, about) {
      if (scenes > 0) lines.push("````");
      scenes++;
      lines.push("", `## ${scenes}. ${title}`, "", about, "", "````text");
    },
    async says(who, text, options = {}) {
      const message = await who.says(text, options);
      const to = options.replyTo ? ", in reply to Clara" : "";
      const files = (options.files ?? []).map((file: ActorFile) => `(file: ${file.name})`);
      write(`${name(who)} (${placeName(discord, message)}${to}):`, [
        ...(text === "" ? [] : text.split("\n")),
        ...files,
      ]);
      return message;
    },
    async answer(to, place) {
      const isWhole = ({ buttons }: Message) => !buttons.some(({ label }) => label === "Stop");
      const all = await place.replies(to, { until: isWhole, timeoutMs: MAX_WAIT_MS });
      for (const part of all) shows(part, placeName(discord, part));
      return all[0] ?? to;
    },
    async sees(place, fits) {
      const byHer = (message: Message) => message.author === discord.bot && fits(message);
      const found = await place.waitFor(byHer, { timeoutMs: MAX_WAIT_MS });
      return shows(found, placeName(discord, found));
    },
    async becomes(message, fits) {
      await discord.until(() => fits(message), "it became so", { timeoutMs: MAX_WAIT_MS });
      shows(message, `${placeName(discord, message)}, changed`);
    },
    async runs(who, line, { shown = "", ...options } = {}) {
      const where = options.in instanceof Place ? ` (${inWords(discord, options.in)})` : "";
      act(who, `runs ${line}${shown === "" ? "" : ` ${shown}`}${where}`);
      return shows(await (await who.runs(line, options)).response());
    },
    async usesMenu(who, menu, on) {
      await sleep(TURN_OVER_MS);
      const about = "user" in on ? name(on) : `"${plainHead(discord, on)}"`;
      act(who, `chooses Apps → ${menu} on ${about}`);
      return shows(await (await who.usesMenu(menu, on)).response());
    },
    async presses(who, on, button) {
      act(who, `presses [${button}]`);
      return who.clicks(on, button);
    },
    async clicks(who, on, button) {
      const before = on.edits;
      act(who, `presses [${button}]`);
      return outcome(await who.clicks(on, button), on, before);
    },
    async selects(who, on, select, values) {
      const before = on.edits;
      act(who, `chooses in {${select} ▾}`);
      return outcome(await who.selects(on, select, values), on, before);
    },
    async fillsIn(who, on, button, fields) {
      act(who, `presses [${button}]`);
      const opened = await who.clicks(on, button);
      write("A form opens:", showForm(await opened.modal()));
      write(
        `${name(who)} sends it:`,
        Object.values(fields).flatMap((text) => text.split("\n")),
      );
      const before = on.edits;
      return outcome(await who.submits(opened, fields), on, before);
    },
    note: (text) => write(`(${text})`),
    text: () => `${lines.join("\n").replaceAll("````text\n\n", "````text\n")}\n\`\`\`\`\n`,
  };
}

const inWords = (discord: FakeDiscord, { id, channel }: Place): string =>
  channel.guildId === null ? "private" : discord.asRead(`<#${id}>`);

function placeName(discord: FakeDiscord, { channelId, guildId }: Message): string {
  return guildId === null ? "private" : discord.asRead(`<#${channelId}>`);
}

const plainHead = (discord: FakeDiscord, { content }: Message): string => {
  const [first = ""] = discord.asRead(content).split("\n");
  return first.length > 50 ? `${first.slice(0, 50)}…` : first;
};
