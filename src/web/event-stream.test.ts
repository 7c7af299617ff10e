import { afterEach, expect, test, vi } from "vitest";
import { turnOf } from "../../test/turns.ts";
import { conversationId } from "../core/ids.ts";
import { createLocalOutlet } from "../core/local-outlet.ts";
import { openEventStream } from "./event-stream.ts";
import { localConversation } from "./local-person.ts";

const place = localConversation(conversationId("web:0198f3a2"));
const { id: turnId } = turnOf();
const forEver = new AbortController().signal;
const begin = { type: "turn-start" } as const;

afterEach(() => vi.useRealTimers());

const setUp = (signal = forEver) => {
  const local = createLocalOutlet();
  const open = () => openEventStream(local, place.id, signal);
  return { local, open };
};

/** Reads on until the text has come, or the stream has ended. */
async function readUntil(response: Response | null, wanted: string): Promise<string> {
  const reader = response?.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (reader && !text.includes(wanted)) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
  }
  return text;
}

test("the stream tells first what runs already, then what happens", async () => {
  const { local, open } = setUp();
  local.voice.working(place, forEver);

  const response = open();
  local.watch(place, turnId, begin);

  expect(response?.headers.get("content-type")).toBe("text/event-stream");
  expect(await readUntil(response, "turn-start")).toBe(
    [
      "retry: 1000",
      'data: {"type":"working","isWorking":true}',
      `data: {"type":"turn-start","turnId":"${turnId}"}`,
      "",
    ].join("\n\n"),
  );
});

test("a silent stream shows that it lives", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const { open } = setUp();
  const response = open();

  vi.advanceTimersByTime(15_000);

  expect(await readUntil(response, "here")).toBe("retry: 1000\n\n: still here\n\n");
});

test("the stream ends with the signal", async () => {
  const closing = new AbortController();
  const { local, open } = setUp(closing.signal);
  const response = open();

  closing.abort();
  local.watch(place, turnId, begin);

  expect(await readUntil(response, "never")).toBe("retry: 1000\n\n");
});

test("a reader that leaves makes place for another", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const { open } = setUp();
  const responses = Array.from({ length: 64 }, open);

  expect(open()).toBeNull();
  await responses[0]?.body?.cancel();

  expect(open()).not.toBeNull();
  expect(vi.getTimerCount()).toBe(64);
});

test("a reader that does not read is let go, and what it has not read is bounded", async () => {
  const { local, open } = setUp();
  const response = open();

  for (let index = 0; index < 2_000; index++) local.watch(place, turnId, begin);
  const text = await readUntil(response, "never");

  expect(text.split("turn-start")).toHaveLength(1_024);
});
