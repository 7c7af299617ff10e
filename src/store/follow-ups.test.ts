import { describe, expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import {
  answer,
  answered,
  ask,
  converse,
  MANAGER,
  newChannel,
  newDm,
  start,
} from "../../test/talk.ts";
import type { Press } from "../core/follow-up.ts";
import type { TurnId } from "../core/ids.ts";

const press = (turnId: TurnId, change: Partial<Press> = {}): Press => ({
  turnId,
  kind: "shorter",
  pressId: "900",
  text: "Shorter, please.",
  ...change,
});

describeStore("follow-ups", (open) => {
  const store = share(open);

  test("press() makes a turn whose answer replies to the same question, and knows the answer it is about", async () => {
    const place = newChannel();
    const question = place.message("ana", "why is the sky blue?");
    const { turnId, answerId } = await converse(store(), question, "Because of Rayleigh.");

    const pressed = await store().followUps.press(place.scope("ana"), press(turnId));

    expect(pressed).toMatchObject({ kind: "queued", ahead: 0 });
    const { claim } = await start(store(), (pressed as { turnId: TurnId }).turnId);
    const { triggerId, trigger, scope } = claim.turn;
    expect(triggerId).toBe(`discord:again:900:${question.id.slice("discord:".length)}`);
    expect([trigger, scope.principal.userId]).toEqual(["mention", "discord:ana"]);
    const chain = await store().transcript.chain(place.scope("ana"), triggerId, 9);
    expect(chain.map(({ text }) => text)).toEqual([
      "Shorter, please.",
      "Because of Rayleigh.",
      "why is the sky blue?",
    ]);
    expect(chain[1]?.id).toBe(`discord:${answerId}`);
  });

  test("press() of many at once makes one turn", async () => {
    const place = newChannel();
    const { turnId } = await converse(store(), place.message("ana", "hm?"), "Hm.");
    const clicks = ["1", "2", "3", "4"].map((pressId) => press(turnId, { pressId }));

    const all = await Promise.all(
      clicks.map((click) => store().followUps.press(place.scope("ana"), click)),
    );

    expect(all.map(({ kind }) => kind).toSorted()).toEqual(["queued", "used", "used", "used"]);
    const made = await store().query(
      "select count(*)::int as count from turns where conversation_id = $1",
      [place.conversation.id],
    );
    expect(made).toEqual([{ count: 2 }]);
  });

  test("press() works once more after the answer was written anew", async () => {
    const place = newChannel();
    const question = place.message("ana", "tea?");
    const { turnId } = await converse(store(), question, "Tea.");
    const first = await store().followUps.press(place.scope("ana"), press(turnId));
    await answer(store(), await start(store(), (first as { turnId: TurnId }).turnId), "T.");
    await store().inbox.revise(place.scope("ana"), question.id, "coffee?");
    await answer(store(), await start(store(), turnId), "Coffee.");

    const second = await store().followUps.press(
      place.scope("ana"),
      press(turnId, { pressId: "901" }),
    );

    expect(second.kind).toBe("queued");
  });

  test("press() is for who asked and who keeps order, in the very place", async () => {
    const place = newChannel();
    const { turnId } = await converse(store(), place.message("ana", "hm?"), "Hm.");
    const elsewhere = newChannel(place.conversation.guildId ?? undefined);

    const byBen = await store().followUps.press(place.scope("ben"), press(turnId));
    const fromElsewhere = await store().followUps.press(elsewhere.scope("ana"), press(turnId));
    const fromDm = await store().followUps.press(newDm("ana").scope("ana"), press(turnId));
    const byManager = await store().followUps.press(place.scope("mod", MANAGER), press(turnId));

    expect([byBen, fromElsewhere, fromDm].map(({ kind }) => kind)).toEqual([
      "not-yours",
      "gone",
      "gone",
    ]);
    expect(byManager.kind).toBe("queued");
    const { claim } = await start(store(), (byManager as { turnId: TurnId }).turnId);
    expect(claim.turn.scope.principal.userId).toBe("discord:mod");
  });

  test("press() waits for the answer to be finished", async () => {
    const place = newChannel();
    const turnId = await ask(store(), place.message("ana", "hm?"));
    await start(store(), turnId);

    expect(await store().followUps.press(place.scope("ana"), press(turnId))).toEqual({
      kind: "open",
    });
  });

  test("press() finds nothing where the question was taken back", async () => {
    const place = newChannel();
    const question = place.message("ana", "hm?");
    const { turnId } = await converse(store(), question, "Hm.");
    await store().inbox.forget([question.id]);

    expect(await store().followUps.press(place.scope("ana"), press(turnId))).toEqual({
      kind: "gone",
    });
  });

  test("press() can only try again where nothing was said", async () => {
    const place = newChannel();
    const { lease, job } = await start(
      store(),
      await ask(store(), place.message("ana", "hm?", { attachments: [FILE] })),
    );
    await store().turns.finish(lease, job, answered(null, "model:timeout"));
    const { turnId } = lease;

    const shorter = await store().followUps.press(place.scope("ana"), press(turnId));
    const retry = await store().followUps.press(
      place.scope("ana"),
      press(turnId, { kind: "retry" }),
    );

    expect([shorter.kind, retry.kind]).toEqual(["gone", "queued"]);
    const kept = await store().query(
      "select attachments from messages where text = $1 and conversation_id = $2",
      ["Shorter, please.", place.conversation.id],
    );
    expect(kept).toEqual([{ attachments: [FILE] }]);
  });

  describe("forget() of the question", () => {
    test("ends what was clicked below its answer", async () => {
      const place = newChannel();
      const question = place.message("ana", "hm?");
      const { turnId } = await converse(store(), question, "Hm.");
      const pressed = await store().followUps.press(place.scope("ana"), press(turnId));
      const next = (pressed as { turnId: TurnId }).turnId;
      const { lease } = await start(store(), next);

      const stopping = await store().inbox.forget([question.id]);

      expect(stopping).toEqual([next]);
      expect([...(await store().turns.interrupted([lease]))]).toEqual([[next, "deleted"]]);
    });
  });
});

const FILE = { id: "1", name: "a.png", contentType: "image/png", sizeBytes: 9, url: "" };
