import { expect, test } from "vitest";
import { newDm } from "../../test/talk.ts";
import { userId } from "./ids.ts";
import { createLocalAnnouncer } from "./local-announcer.ts";
import { createLocalOutlet, type LocalEvent } from "./local-outlet.ts";

test("the local announcer shows what it says to whoever listens, as one message", async () => {
  const local = createLocalOutlet();
  const place = newDm("ana").conversation;
  const heard: LocalEvent[] = [];
  local.listen(place.id, (event) => heard.push(event));
  const announcement = {
    key: "k",
    place,
    to: "here",
    owner: userId("web:local"),
    text: "⏰ tea",
    rows: [],
    ageMs: 0,
  } as const;
  const { announce } = createLocalAnnouncer(local);

  const first = await announce(announcement, new AbortController().signal);
  const second = await announce(announcement, new AbortController().signal);

  expect(first).toEqual({ kind: "said", place, messageId: "k" });
  expect(second).toEqual(first);
  expect(heard).toMatchObject([
    { type: "message-shown", message: { text: "⏰ tea", running: false } },
  ]);
});
