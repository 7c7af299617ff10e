import { Hono } from "hono";
import { bodyOf, pageOf, part, refuse } from "./answers.ts";
import type { EmulatedEvent, GoogleState, Json } from "./state.ts";

const startOf = ({ start }: EmulatedEvent): string => {
  const { dateTime, date } = (start ?? {}) as { dateTime?: string; date?: string };
  return dateTime ?? date ?? "";
};

/** https://developers.google.com/workspace/calendar/api/v3/reference */
export function calendarRoutes(state: GoogleState): Hono {
  const { events, mail } = state;
  const find = (calendarId: string, id: string): EmulatedEvent => {
    const event = events.get(id);
    return event?.calendarId === calendarId ? event : refuse(404, "notFound", "Not Found");
  };
  function write(what: string, event: EmulatedEvent, sendUpdates: string | undefined): void {
    const people = (event["attendees"] ?? []) as readonly { email: string }[];
    if (sendUpdates === "all") mail.push(...people.map(({ email }) => `${what} ${email}`));
  }

  return new Hono()
    .get("/users/me/calendarList", (c) => {
      const all = [
        { id: state.email, summary: "Ana", primary: true, accessRole: "owner", timeZone: "UTC" },
        { id: "holidays", summary: "Holidays", accessRole: "reader", timeZone: "UTC" },
      ];
      return c.json(pageOf(state, all, c, "maxResults"));
    })
    .get("/calendars/:calendar/events", (c) => {
      const { timeMin = "", timeMax = "9", q = "" } = c.req.query();
      const found = [...events.values()]
        .filter(
          (event) =>
            event.calendarId === part(c, "calendar") &&
            startOf(event) >= timeMin &&
            startOf(event) < timeMax &&
            JSON.stringify(event).includes(q),
        )
        .toSorted((one, other) => startOf(one).localeCompare(startOf(other)));
      return c.json(pageOf(state, found, c, "maxResults"));
    })
    .post("/calendars/:calendar/events", async (c) => {
      const id = state.nextId();
      const event: EmulatedEvent = {
        ...(await bodyOf(c)),
        id,
        calendarId: part(c, "calendar"),
        status: "confirmed",
        htmlLink: `https://www.google.com/calendar/event?eid=${id}`,
      };
      if (startOf(event) === "") refuse(400, "required", "Missing end time.");
      events.set(id, event);
      write("invited", event, c.req.query("sendUpdates"));
      return c.json(event);
    })
    .get("/calendars/:calendar/events/:id", (c) => c.json(find(part(c, "calendar"), part(c, "id"))))
    .patch("/calendars/:calendar/events/:id", async (c) => {
      const before = find(part(c, "calendar"), part(c, "id"));
      const changes: Json = await bodyOf(c);
      const event: EmulatedEvent = { ...before, ...changes };
      events.set(event.id, event);
      write("told", event, c.req.query("sendUpdates"));
      return c.json(event);
    })
    .delete("/calendars/:calendar/events/:id", (c) => {
      const event = find(part(c, "calendar"), part(c, "id"));
      events.delete(event.id);
      write("cancelled", event, c.req.query("sendUpdates"));
      return c.body(null, 204);
    });
}
