import type { calendar_v3 } from "@googleapis/calendar";
import { z } from "zod";
import type { Clock } from "../../core/clock.ts";
import type { Tool } from "../../core/tool.ts";
import { answerOf, collect, toList } from "./apis.ts";
import { defineGoogleTool, id, maxResults, pageToken, type GoogleDeps } from "./define.ts";
import { moment, toInstant } from "./times.ts";

export const calendarId = z
  .string()
  .trim()
  .min(1)
  .max(400)
  .default("primary")
  .describe("Left out: the person's own main calendar");

const PAGE = 100;
const MAX_DESCRIPTION_CHARS = 2_000;

/** What is in a person's calendars. */
export const calendarReaders = (deps: GoogleDeps & { readonly clock: Clock }): readonly Tool[] => [
  defineGoogleTool(deps, {
    name: "google_calendar_list_events",
    description:
      "List events of the person's Google Calendar in order of time: from now on, unless said otherwise. Repeating events are listed one by one.",
    label: "Looking at your calendar",
    effect: "read",
    needs: "calendar",
    input: z.object({
      calendar_id: calendarId,
      time_min: moment.optional().describe("From when on, such as 2026-03-01 or 2026-03-01T15:00"),
      time_max: moment.optional().describe("Until when"),
      max_results: maxResults.default(10),
      query: z.string().trim().max(500).optional().describe("Words in the event"),
      page_token: pageToken,
    }),
    async run(input, apis, { zone }) {
      const api = await apis.calendar();
      const inZone = await zone();
      const timeMin = input.time_min
        ? toInstant(input.time_min, inZone)
        : deps.clock.now().toISOString();
      const page = await collect(
        { max: input.max_results, from: input.page_token ?? null, pageSize: PAGE },
        async (maxResults, token) => {
          const { items, nextPageToken } = await answerOf(
            api.events.list({
              calendarId: input.calendar_id,
              singleEvents: true,
              orderBy: "startTime",
              timeMin,
              ...(input.time_max ? { timeMax: toInstant(input.time_max, inZone) } : {}),
              ...(input.query ? { q: input.query } : {}),
              maxResults,
              ...(token ? { pageToken: token } : {}),
            }),
          );
          return { items, next: nextPageToken };
        },
      );
      const links = page.items.map(({ htmlLink }) => htmlLink);
      return { text: toList(page, lineOf, "There are no events in that time."), links };
    },
  }),
  defineGoogleTool(deps, {
    name: "google_calendar_get_event",
    description: "Everything about one event of the person's Google Calendar.",
    label: "Looking at an event",
    effect: "read",
    needs: "calendar",
    input: z.object({
      event_id: id("The event's id, as a list gives it"),
      calendar_id: calendarId,
    }),
    async run({ event_id: eventId, calendar_id }, apis) {
      const api = await apis.calendar();
      const event = await answerOf(api.events.get({ calendarId: calendar_id, eventId }));
      return { text: pageOf(event), links: [event.htmlLink] };
    },
  }),
  defineGoogleTool(deps, {
    name: "google_calendar_list_calendars",
    description: "List the calendars that the person sees in Google Calendar, with their ids.",
    label: "Looking at your calendars",
    effect: "read",
    needs: "calendar",
    input: z.object({}),
    async run(_, apis) {
      const api = await apis.calendar();
      const page = await collect({ max: 250, from: null, pageSize: 250 }, async (size, token) => {
        const { items, nextPageToken } = await answerOf(
          api.calendarList.list({ maxResults: size, ...(token ? { pageToken: token } : {}) }),
        );
        return { items, next: nextPageToken };
      });
      const lines = page.items.map(
        ({ id: calendar, summary, primary, accessRole, timeZone }) =>
          `${summary ?? "(no name)"}${primary ? " (main)" : ""} | id ${calendar} | ${accessRole} | ${timeZone}`,
      );
      return { text: lines.join("\n") || "There are no calendars." };
    },
  }),
];

const timeOf = (time: calendar_v3.Schema$EventDateTime | undefined): string =>
  time?.dateTime ?? time?.date ?? "?";

/** One event as a line of a list. */
export function lineOf(event: calendar_v3.Schema$Event): string {
  const people = event.attendees?.length ?? 0;
  return [
    `${timeOf(event.start)} to ${timeOf(event.end)}`,
    event.summary ?? "(no title)",
    ...(event.location ? [`at ${event.location}`] : []),
    ...(people === 0 ? [] : [`${people} invited`]),
    ...(event.status === "cancelled" ? ["cancelled"] : []),
    `id ${event.id}`,
  ].join(" | ");
}

function pageOf(event: calendar_v3.Schema$Event): string {
  const people = (event.attendees ?? []).map(
    ({ email, displayName, responseStatus }) =>
      `- ${displayName ? `${displayName} ` : ""}${email} (${responseStatus ?? "no answer"})`,
  );
  return [
    lineOf(event),
    ...(event.recurrence ? [`Repeats: ${event.recurrence.join(" ")}`] : []),
    ...(event.organizer?.email ? [`Organised by ${event.organizer.email}`] : []),
    ...(event.hangoutLink ? [`Video: ${event.hangoutLink}`] : []),
    ...(event.htmlLink ? [`Link: ${event.htmlLink}`] : []),
    ...(people.length > 0 ? ["Invited:", ...people] : []),
    ...(event.description ? ["", event.description.slice(0, MAX_DESCRIPTION_CHARS)] : []),
  ].join("\n");
}
