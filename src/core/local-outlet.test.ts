import { expect, test } from "vitest";
import { dmWith, turnOf } from "../../test/turns.ts";
import type { LocalEvent } from "./local-outlet.ts";
import { createLocalOutlet } from "./local-outlet.ts";
import type { OutgoingPart } from "./outlet.ts";

const place = dmWith("ana");
const { id: turnId } = turnOf();
const forEver = new AbortController().signal;

const part = (content: string, change: Partial<OutgoingPart> = {}): OutgoingPart => ({
  turnId,
  part: 0,
  nonce: "n0",
  content,
  file: null,
  replyTo: null,
  follows: null,
  running: true,
  ...change,
});

/** An outlet, and what a listener of the place hears. */
const setUp = () => {
  const local = createLocalOutlet();
  const heard: LocalEvent[] = [];
  const stopListening = local.listen(place.id, (event) => heard.push(event));
  return { local, heard, stopListening };
};

const hear = (local: ReturnType<typeof createLocalOutlet>): readonly LocalEvent[] => {
  const heard: LocalEvent[] = [];
  local.listen(place.id, (event) => heard.push(event));
  return heard;
};

const shown = (text: string, running = true): LocalEvent => ({
  type: "message-shown",
  message: { id: "n0", turnId, text, running },
});

test("send() with the same nonce yields the first message with its first words, and shows nothing anew", async () => {
  const { local, heard } = setUp();

  const first = await local.send(place, part("One."), forEver);
  const again = await local.send(place, part("Another."), forEver);

  expect(again).toEqual(first);
  expect(again).toMatchObject({ kind: "sent", content: "One." });
  expect(heard).toEqual([shown("One.")]);
});

test("send() remembers a bounded number of nonces, the newest", async () => {
  const { local, heard } = setUp();

  for (let index = 0; index <= 256; index++)
    await local.send(place, part("Same.", { nonce: `n${index}` }), forEver);
  await local.send(place, part("Same.", { nonce: "n256" }), forEver);
  expect(heard).toHaveLength(257);
  await local.send(place, part("Same.", { nonce: "n0" }), forEver);

  expect(heard).toHaveLength(258);
});

test("edit() of a message that is not known, as after a restart, shows it whole", async () => {
  const { local, heard } = setUp();

  const edited = await local.edit(place, "n0", part("All of it.", { running: false }), forEver);

  expect(edited).toEqual({ kind: "sent", messageId: "n0", content: "All of it." });
  expect(heard).toEqual([shown("All of it.", false)]);
});

test("send() and edit() do nothing once the signal has fired", async () => {
  const { local, heard } = setUp();
  const fired = AbortSignal.abort(new Error("shutdown"));

  await expect(local.send(place, part("One."), fired)).rejects.toThrow("shutdown");
  await expect(local.edit(place, "n0", part("One."), fired)).rejects.toThrow("shutdown");

  expect(heard).toEqual([]);
});

test("a listener hears a whole turn, in order", async () => {
  const { local, heard } = setUp();
  const over = new AbortController();
  const end = {
    type: "turn-end",
    detail: "answered",
    costUsd: 0.001,
    inputTokens: 10,
    outputTokens: 5,
    elapsedMs: 20,
    model: "script-1",
  } as const;

  local.voice.working(place, over.signal);
  local.watch(place, turnId, { type: "turn-start" });
  const sent = await local.send(place, part("One."), forEver);
  await local.edit(place, sent.kind === "sent" ? sent.messageId : "", part("One. Two."), forEver);
  await local.remove(place, "n0", forEver);
  over.abort();
  local.watch(place, turnId, end);

  expect(heard).toEqual([
    { type: "working", isWorking: true },
    { type: "turn-start", turnId },
    shown("One."),
    shown("One. Two."),
    { type: "message-removed", messageId: "n0" },
    { type: "working", isWorking: false },
    { ...end, turnId },
  ]);
});

test("a newcomer hears what runs: the tools, and each message once with its newest words", async () => {
  const { local } = setUp();
  local.voice.working(place, forEver);
  local.watch(place, turnId, { type: "turn-start" });
  await local.send(place, part("One."), forEver);
  local.watch(place, turnId, { type: "tool-start", name: "clock", label: "Looking at the clock" });
  await local.edit(place, "n0", part("One. Two."), forEver);

  const heard = hear(local);

  expect(heard).toEqual([
    { type: "working", isWorking: true },
    { type: "turn-start", turnId },
    shown("One. Two."),
    { type: "tool-start", name: "clock", label: "Looking at the clock", turnId },
  ]);
});

test("a newcomer does not hear of a message that was removed", async () => {
  const { local } = setUp();
  local.voice.working(place, forEver);
  await local.send(place, part("One."), forEver);
  await local.remove(place, "n0", forEver);

  expect(hear(local)).not.toContainEqual(shown("One."));
});

test("a newcomer hears nothing of work that is over", async () => {
  const { local } = setUp();
  const over = new AbortController();
  local.voice.working(place, over.signal);
  await local.send(place, part("One.", { running: false }), forEver);
  over.abort();

  expect(hear(local)).toEqual([]);
});

test("a newcomer hears a bounded part of a very long turn, the newest", () => {
  const { local } = setUp();
  local.voice.working(place, forEver);
  for (let index = 0; index < 1_000; index++)
    local.watch(place, turnId, { type: "tool-start", name: `tool-${index}`, label: "" });

  const heard = hear(local);

  expect(heard).toHaveLength(256);
  expect(heard.at(-1)).toMatchObject({ name: "tool-999" });
});

test("the end of an earlier work does not end a later one", () => {
  const { local, heard } = setUp();
  const earlier = new AbortController();
  local.voice.working(place, earlier.signal);
  local.voice.working(place, forEver);

  earlier.abort();

  expect(heard).not.toContainEqual({ type: "working", isWorking: false });
  expect(hear(local)).toEqual([{ type: "working", isWorking: true }]);
});

test("a listener hears nothing of other conversations, and nothing after it stopped", async () => {
  const { local, heard, stopListening } = setUp();

  await local.send(dmWith("ben"), part("For Ben."), forEver);
  stopListening?.();
  await local.send(place, part("For Ana."), forEver);

  expect(heard).toEqual([]);
});

test("listen() gives null to one too many, until another has stopped", () => {
  const { local, stopListening } = setUp();
  const listenAgain = () => local.listen(place.id, () => {});
  for (let index = 1; index < 64; index++) listenAgain();

  expect(listenAgain()).toBeNull();
  stopListening?.();
  expect(listenAgain()).not.toBeNull();
});

test("an answer is one message, and no words are none", () => {
  const { voice } = createLocalOutlet();

  expect(voice.render("x".repeat(50_000), { final: true })).toHaveLength(1);
  expect(voice.render("", { final: true })).toEqual([]);
});
