import { expect, test } from "vitest";
import { createNewest } from "./newest.ts";

test("of() gives the newest message of a channel, and null for what it has not heard of", () => {
  const newest = createNewest();
  newest.note({ t: "MESSAGE_CREATE", d: { id: "20", channel_id: "1" } });
  newest.note({ t: "MESSAGE_CREATE", d: { id: "10", channel_id: "1" } });
  newest.note({ t: "MESSAGE_DELETE", d: { id: "30", channel_id: "1" } });
  newest.note({ t: "MESSAGE_CREATE", d: null });

  expect([newest.of("1"), newest.of("2")]).toEqual(["20", null]);
});
