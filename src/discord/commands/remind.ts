import { ApplicationCommandOptionType as Option } from "discord-api-types/v10";
import { readTime } from "../../agent/read-time.ts";
import type { Clock } from "../../core/clock.ts";
import {
  MAX_OPEN_REMINDERS,
  MAX_REMINDER_CHARS,
  MAX_REPEATS,
  type NewReminder,
  type Reminders,
} from "../../core/reminders.ts";
import type { SettingsStore } from "../../core/settings.ts";
import { findTimeZones, isTimeZone } from "../../lib/time-zone.ts";
import { describeRepeat, type Calendar, type Repeat } from "../../lib/calendar.ts";
import { defineCommand, defineGroup, type CommandContext } from "./define-command.ts";
import { defineFormAction, defineAction } from "./define-action.ts";
import { defineMenu } from "./define-menu.ts";
import { stamp } from "./remind-press.ts";
import type { Reply } from "./reply.ts";

export interface RemindDeps {
  readonly reminders: Reminders;
  readonly settings: Pick<SettingsStore, "zone" | "setZone" | "of">;
  readonly clock: Clock;
  readonly calendar: () => Promise<Calendar>;
  /** For people who never said where they are. */
  readonly timeZone: string;
  readonly poke: () => void;
}

const MAX_QUOTED_CHARS = 300;
const MAX_ZONES = 25;
const MENU_ACTION = "remind-from-menu";
const FORM_ACTION = "remind-form";

/** `/remind`: me, list, cancel, zone. */
export const remind = (deps: RemindDeps) =>
  defineGroup({
    name: "remind",
    offer: "anywhere",
    description: "Reminders: set, see and cancel yours",
    commands: [remindMe(deps), list(deps), cancel(deps), zone(deps)],
    actions: [openForm, fromForm(deps)],
  });

const remindMe = (deps: RemindDeps) =>
  defineCommand({
    name: "me",
    description: "Remind you of something, once or again and again",
    options: [
      {
        type: Option.String,
        name: "when",
        description: 'For example "tomorrow at 9", "in 20 minutes", "every Monday 8:00"',
        required: true,
        max_length: 200,
      },
      {
        type: Option.String,
        name: "what",
        description: "What to remind you of",
        required: true,
        max_length: MAX_REMINDER_CHARS,
      },
      {
        type: Option.String,
        name: "where",
        description: "Here, or in private; left out: as you set it in /settings me, or here",
        required: false,
        choices: [
          { name: "here", value: "here" },
          { name: "in private", value: "dm" },
        ],
      },
    ],
    async run({ when = "", what = "", where }, context) {
      const to = where === "here" || where === "dm" ? where : await whereFor(deps, context);
      return add(deps, context, { when, what, to });
    },
  });

const list = ({ reminders }: RemindDeps) =>
  defineCommand({
    name: "list",
    description: "Your open reminders",
    options: [],
    async run(_, { scope }) {
      const found = await reminders.list(scope);
      if (found.length === 0) return "You have no open reminders.";
      return found
        .map(({ id, text, dueAt, repeat, state }) => {
          const often = repeat === null ? "" : `, ${describeRepeat(repeat)}`;
          const failed = state === "undeliverable" ? " ⚠️ I could not deliver it" : "";
          return `**${id}** ${stamp(dueAt)}${often}${failed}: ${text}`;
        })
        .join("\n");
    },
  });

const cancel = ({ reminders }: RemindDeps) =>
  defineCommand({
    name: "cancel",
    description: "Cancel one of your reminders",
    options: [
      {
        type: Option.Integer,
        name: "number",
        description: "Its number, from /remind list",
        required: true,
        min_value: 1,
        autocomplete: true,
      },
    ],
    suggest: {
      async number(typed, _, { scope }) {
        const found = await reminders.list(scope);
        return found
          .filter(({ id, text }) => `${id} ${text}`.toLowerCase().includes(typed.toLowerCase()))
          .slice(0, 25)
          .map(({ id, text }) => ({ name: `${id}: ${text}`.slice(0, 100), value: String(id) }));
      },
    },
    async run({ number = "" }, { scope }) {
      const gone = /^\d{1,15}$/.test(number) ? await reminders.cancel(scope, Number(number)) : null;
      return gone
        ? `Cancelled: ${gone.text}`
        : "You have no open reminder with that number here. See `/remind list`.";
    },
  });

const zone = ({ settings, timeZone }: RemindDeps) =>
  defineCommand({
    name: "zone",
    description: "Where your clock hangs, so that 9 o'clock is yours",
    options: [
      {
        type: Option.String,
        name: "zone",
        description: "For example Europe/Berlin; left out, tells the present one",
        required: false,
        autocomplete: true,
      },
    ],
    suggest: {
      async zone(typed) {
        return findTimeZones(typed, MAX_ZONES).map((name) => ({ name, value: name }));
      },
    },
    async run({ zone: wanted }, { scope }) {
      if (wanted === undefined)
        return `Your clock is that of ${(await settings.zone(scope)) ?? `${timeZone}, as for everybody who did not say`}.`;
      if (!isTimeZone(wanted)) return "I do not know that time zone. Try Europe/Berlin or UTC.";
      await settings.setZone(scope, wanted);
      return `Your clock is that of ${wanted} now.`;
    },
  });

/** "Remind me" in the menu of a message. */
export const remindMenu = () =>
  defineMenu({
    on: "message",
    name: "Remind me",
    offer: "anywhere",
    async run({ text, url, authorName }) {
      const quoted = text.length > MAX_QUOTED_CHARS ? `${text.slice(0, MAX_QUOTED_CHARS)}…` : text;
      const what = `${authorName}: ${quoted === "" ? "(no words)" : quoted}\n${url}`;
      const reply: Reply = {
        text: "When shall I remind you of that message?",
        rows: [
          [
            {
              kind: "button",
              label: "In 1 hour",
              action: MENU_ACTION,
              data: { what, when: "in 1 hour" },
            },
            {
              kind: "button",
              label: "Tomorrow at 9",
              action: MENU_ACTION,
              data: { what, when: "tomorrow at 9" },
            },
            { kind: "button", label: "Another time…", action: FORM_ACTION, data: { what } },
          ],
        ],
      };
      return { kind: "whisper", reply };
    },
  });

const openForm = defineFormAction({
  name: FORM_ACTION,
  form: ({ data }) => ({
    title: "Remind me",
    fields: [
      {
        name: "when",
        label: "When?",
        style: "short",
        placeholder: "tomorrow at 9, in 20 minutes, every Monday 8:00",
        isRequired: true,
        maxLength: 200,
      },
    ],
    action: MENU_ACTION,
    data,
  }),
});

const fromForm = (deps: RemindDeps) =>
  defineAction({
    name: MENU_ACTION,
    async run({ data, fields }, context) {
      const when = fields["when"] ?? textOf(data["when"]);
      const what = textOf(data["what"]).slice(0, MAX_REMINDER_CHARS);
      const text = await add(deps, context, { when, what, to: "dm" });
      return { kind: "replace", reply: { text } };
    },
  });

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const whereFor = async (
  { settings }: RemindDeps,
  { scope, conversation }: CommandContext,
): Promise<NewReminder["to"]> =>
  (await settings.of(scope, conversation)).person.remindersTo ?? "here";

interface Wanted {
  readonly when: string;
  readonly what: string;
  readonly to: NewReminder["to"];
}

async function add(
  deps: RemindDeps,
  { scope, conversation }: CommandContext,
  { when, what, to }: Wanted,
): Promise<string> {
  const { reminders, poke } = deps;
  const text = what.trim();
  if (text === "") return "Of what? Say it in `what`.";
  const read = await readTime(deps, scope, when, undefined);
  if (read.kind === "unclear") return read.why;
  const { at, repeat, zone: zoneName } = read;
  const reminder = { place: conversation, to, text, dueAt: at, repeat, zone: zoneName };
  const times = repeat === null ? 1 : MAX_REPEATS;
  const added = await reminders.add(scope, { ...reminder, times });
  if (added.kind === "too-many")
    return `You have ${MAX_OPEN_REMINDERS} open reminders, which is the most. Cancel one first.`;
  poke();
  return `⏰ Reminder **${added.reminder.id}**: ${stamp(at)}${oftenWords(repeat)}${to === "dm" ? ", in private" : ""}.\n-# Your clock: ${zoneName} (\`/remind zone\`)`;
}

const oftenWords = (repeat: Repeat | null): string =>
  repeat === null ? "" : `, then ${describeRepeat(repeat)}`;
