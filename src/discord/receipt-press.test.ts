import { setImmediate as turn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { type Message, startFakeDiscord } from "../../test/fake-discord/index.ts";
import { goOnline } from "../../test/open-discord.ts";
import { FACT } from "../../test/scope-catalogue.ts";
import { say, scriptedModel } from "../../test/scripted-model.ts";
import { attempt, turnDeps } from "../../test/turn-deps.ts";
import { createOwnSettings } from "../agent/own-settings.ts";
import { createReceiptClock } from "../agent/receipts.ts";
import { systemClock } from "../core/clock.ts";
import { turnId } from "../core/ids.ts";
import { silentLog } from "../core/log.ts";
import type { DueReceipt } from "../core/receipts.ts";
import { fromStored } from "../store/principals.ts";
import { toConversation } from "../store/watermarks.ts";

/** Ana was answered, and something was learnt from what she asked. */
async function start({ inDm = true } = {}) {
  const discord = await startFakeDiscord();
  onTestFinished(() => discord[Symbol.asyncDispose]());
  const open = await goOnline(discord);
  const { store, clara } = open;
  const place = inDm ? discord.ana.dmPlace() : discord.general;
  await discord.ana.says("@Clara I moved to Lisbon", { in: place });
  const queued = () => store.query("select id from turns where state = 'queued'");
  await expect.poll(queued).toHaveLength(1);
  const id = turnId(String((await queued())[0]?.["id"]));
  const model = scriptedModel([say("How nice!")]);
  await attempt({ store, deps: turnDeps({ store, outlet: clara.outlet, model }) }, id);
  const [row] = await store.query(
    "select turns.principal, row_to_json(place) as place from turns join conversations as place on true limit 1",
  );
  const conversation = toConversation(row?.["place"] as never);
  const scope = { principal: fromStored(row?.["principal"]), audience: conversation.audience };
  await store.memories.learn(scope, [{ ...FACT, text: "Lives in Lisbon" }], id);

  const settled: DueReceipt[] = [];
  const clock = () =>
    createReceiptClock({
      receipts: {
        due: store.receipts.due,
        async settle(receipt) {
          await store.receipts.settle(receipt);
          settled.push(receipt);
        },
      },
      outlets: new Map([["discord", clara.receiptOutlet]]),
      ownSettings: createOwnSettings({ settings: store.settings, clock: systemClock }),
      now: systemClock.now,
      log: silentLog,
    });
  /** As one life of the program. */
  async function show() {
    const stopping = new AbortController();
    const before = settled.length;
    const running = clock().run(stopping.signal);
    await expect.poll(() => settled.length).toBeGreaterThan(before);
    stopping.abort();
    await running;
    await turn();
  }
  const texts = async () =>
    (await store.query("select text from memories where forgotten_at is null")).map(
      ({ text }) => text,
    );
  const answer = () => place.fromBot().at(-1) as Message;
  return { ...open, discord, place, scope, conversation, show, texts, answer };
}

const labels = ({ buttons }: Message) => buttons.map(({ label }) => label);
const FOLLOW_UPS = ["Retry", "Shorter", "Deeper"];

test("below the answer stands what was learnt, on no message of its own, also after a restart between", async () => {
  const { store, show, place, answer } = await start();
  await show();
  const once = labels(answer());
  // It was killed before it had noted that the receipt is there.
  await store.query("update memory_receipts set shown_at = null");
  await show();

  expect(once).toEqual([...FOLLOW_UPS, "1 new · Show", "Undo"]);
  expect(labels(answer())).toEqual(once);
  expect(place.fromBot().map(({ content }) => content)).toEqual(["How nice!"]);
});

test("Show tells the person alone, and Undo takes it back and leaves the other buttons", async () => {
  const { discord, show, answer, texts } = await start();
  await show();

  const shown = await discord.ana.clicks(answer(), "1 new · Show");
  const told = (await shown.followup()).content;
  const undo = await discord.ana.clicks(answer(), "Undo");

  expect(told).toContain("Lives in Lisbon");
  expect((await undo.followup()).content).toMatch(/^Taken back: 1 new\./);
  expect(await texts()).toEqual([]);
  expect(labels(answer())).toEqual(FOLLOW_UPS);
});

test("in a server it is told only to who wants it, and nobody else presses", async () => {
  const { discord, store, scope, conversation, show, answer, texts } = await start({ inDm: false });
  await show();
  const unasked = labels(answer());
  await store.settings.change(scope, conversation, "person", { receipts: true });
  await store.query("update memory_receipts set shown_at = null");
  await show();

  const ben = await discord.ben.clicks(answer(), "Undo");

  expect(unasked).toEqual(FOLLOW_UPS);
  expect(labels(answer())).toContain("Undo");
  expect((await ben.followup()).content).not.toContain("Taken back");
  expect(await texts()).toEqual(["Lives in Lisbon"]);
});

test("who wants none gets none", async () => {
  const { store, scope, conversation, show, answer } = await start();
  await store.settings.change(scope, conversation, "person", { receipts: false });

  await show();

  expect(labels(answer())).toEqual(FOLLOW_UPS);
});

test("buttons that the person switched off do not come back with the receipt", async () => {
  const { store, scope, conversation, show, answer } = await start();
  await store.settings.change(scope, conversation, "person", { answerButtons: false });

  await show();

  expect(labels(answer())).toEqual(["1 new · Show", "Undo"]);
});
