import type { calendar_v3 } from "@googleapis/calendar";
import { z } from "zod";
import type { Tool } from "../../core/tool.ts";
import { answerOf } from "./apis.ts";
import { calendarId, lineOf } from "./calendar.ts";
import { defineGoogleTool, id, title, type GoogleDeps } from "./define.ts";
import { moment, toEventTime } from "./times.ts";

const MAX_ATTENDEES = 100;

const start = moment.describe("A day for a whole day, or 2026-03-01T15:00 in the person's time");
const end = moment.describe("As start; of whole days the day after the last one");
const attendees = z
  .array(z.email())
  .max(MAX_ATTENDEES)
  .describe("E-mail addresses; Google writes to them");
const more = {
  description: z.string().max(8_000).optional(),
  location: z.string().max(1_000).optional(),
};

interface Wanted {
  readonly summary?: string | undefined;
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  readonly description?: string | undefined;
  readonly location?: string | undefined;
  readonly attendees?: readonly string[] | undefined;
}

/** Only what was given. */
const toEvent = (wanted: Wanted, zone: string): calendar_v3.Schema$Event => ({
  ...(wanted.summary === undefined ? {} : { summary: wanted.summary }),
  ...(wanted.description === undefined ? {} : { description: wanted.description }),
  ...(wanted.location === undefined ? {} : { location: wanted.location }),
  ...(wanted.start === undefined ? {} : { start: toEventTime(wanted.start, zone) }),
  ...(wanted.end === undefined ? {} : { end: toEventTime(wanted.end, zone) }),
  ...(wanted.attendees === undefined
    ? {}
    : { attendees: wanted.attendees.map((email) => ({ email })) }),
});

/** Whoever is invited has to hear of it, and nobody else. */
const sendUpdates = "all";

const invited = (people: readonly string[] | undefined): string =>
  people && people.length > 0 ? `, and invite ${people.join(", ")}` : "";

/** What changes a person's calendars, and tells whoever is invited. */
export const calendarChanges = (deps: GoogleDeps): readonly Tool[] => [
  defineGoogleTool(deps, {
    name: "google_calendar_create_event",
    description:
      "Add an event to the person's Google Calendar. People invited get mail from Google.",
    label: "Adding an event",
    effect: "outside",
    needs: "calendar",
    input: z.object({
      summary: title("The event's title"),
      start,
      end,
      calendar_id: calendarId,
      ...more,
      attendees: attendees.optional(),
    }),
    explain: (input) => ({
      what: `Add an event to your Google Calendar${invited(input.attendees)}`,
      target: `${input.summary}, ${input.start} to ${input.end}`,
      reversible: (input.attendees ?? []).length === 0,
    }),
    async run(input, apis, { zone }) {
      const api = await apis.calendar();
      const requestBody = toEvent(input, await zone());
      const event = await answerOf(
        api.events.insert({ calendarId: input.calendar_id, sendUpdates, requestBody }),
      );
      return { text: `Added: ${lineOf(event)}\n${event.htmlLink ?? ""}`, links: [event.htmlLink] };
    },
  }),
  defineGoogleTool(deps, {
    name: "google_calendar_update_event",
    description:
      "Change an event of the person's Google Calendar: only what is given. Attendees are the whole new list. People invited get mail from Google.",
    label: "Changing an event",
    effect: "outside",
    needs: "calendar",
    input: z.object({
      event_id: id("The event's id, as a list gives it"),
      calendar_id: calendarId,
      summary: title("A new title").optional(),
      start: start.optional(),
      end: end.optional(),
      ...more,
      attendees: attendees.optional(),
    }),
    explain: (input) => ({
      what: `Change an event of your Google Calendar${invited(input.attendees)}`,
      target: input.summary ?? input.event_id,
      reversible: false,
    }),
    async run(input, apis, { zone }) {
      const api = await apis.calendar();
      const requestBody = toEvent(input, await zone());
      const { event_id: eventId, calendar_id } = input;
      const event = await answerOf(
        api.events.patch({ calendarId: calendar_id, eventId, sendUpdates, requestBody }),
      );
      return { text: `Changed: ${lineOf(event)}`, links: [event.htmlLink] };
    },
  }),
  defineGoogleTool(deps, {
    name: "google_calendar_delete_event",
    description:
      "Delete an event of the person's Google Calendar. People invited get mail from Google.",
    label: "Deleting an event",
    effect: "outside",
    needs: "calendar",
    input: z.object({
      event_id: id("The event's id, as a list gives it"),
      calendar_id: calendarId,
    }),
    explain: ({ event_id }) => ({
      what: "Delete an event of your Google Calendar, and tell whoever was invited",
      target: event_id,
      reversible: false,
    }),
    async run({ event_id: eventId, calendar_id }, apis) {
      const api = await apis.calendar();
      await api.events.delete({ calendarId: calendar_id, eventId, sendUpdates });
      return { text: `Deleted: event ${eventId}.` };
    },
  }),
];
