import type { EventStore } from "@modelcontextprotocol/server";

/** Of one session; older ones cannot be asked for again. */
const MAX_EVENTS = 500;

/** What was sent in one session, for a caller whose connection broke in the middle of an answer. */
export function createEventStore(): EventStore {
  type Message = Parameters<EventStore["storeEvent"]>[1];
  const events = new Map<string, { readonly streamId: string; readonly message: Message }>();
  let count = 0;
  return {
    async storeEvent(streamId, message) {
      count += 1;
      const id = `${streamId}_${count}`;
      events.set(id, { streamId, message });
      const oldest = events.keys().next();
      if (events.size > MAX_EVENTS && !oldest.done) events.delete(oldest.value);
      return id;
    },
    async getStreamIdForEventId(eventId) {
      return events.get(eventId)?.streamId;
    },
    async replayEventsAfter(lastEventId, { send }) {
      const streamId = events.get(lastEventId)?.streamId ?? "";
      const ids = [...events.keys()];
      for (const id of ids.slice(ids.indexOf(lastEventId) + 1)) {
        const event = events.get(id);
        // The first event of a stream only says that it is there.
        if (event?.streamId === streamId && Object.keys(event.message).length > 0)
          await send(id, event.message);
      }
      return streamId;
    },
  };
}
