import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { MANAGER, newChannel, newDm } from "../../test/talk.ts";
import type { GateRefusal } from "../core/stores.ts";

describeStore("gate log", (open) => {
  const store = share(open);
  const refuse = async (place = newChannel(), at = new Date()) => {
    const { conversation } = place;
    const message = place.message("ana", "hello");
    const refusal: GateRefusal = {
      messageId: message.id,
      conversationId: conversation.id,
      guildId: conversation.guildId,
      authorId: message.author.userId,
      reason: "channel-off",
      at,
    };
    await store().gateLog.record([refusal]);
    return { place, refusal };
  };

  test("who spoke learns why there was no answer, there and in private", async () => {
    const { place, refusal } = await refuse();

    expect(await store().gateLog.about(place.scope("ana"), refusal.messageId)).toEqual([refusal]);
    expect(await store().gateLog.about(newDm("ana").scope("ana"), refusal.messageId)).toEqual([
      refusal,
    ]);
  });

  test("who keeps order in the guild learns it, and nobody else", async () => {
    const { place, refusal } = await refuse();
    const about = (scope: Parameters<ReturnType<typeof store>["gateLog"]["about"]>[0]) =>
      store().gateLog.about(scope, refusal.messageId);

    const inPrivate = ({ principal }: ReturnType<typeof place.scope>) =>
      ({ principal, audience: newDm("mod").conversation.audience }) as const;
    expect(await about(place.scope("mod", MANAGER))).toEqual([refusal]);
    expect(await about(inPrivate(place.scope("mod", MANAGER)))).toEqual([refusal]);
    expect(await about(inPrivate(newChannel().scope("mod", MANAGER)))).toEqual([]);
    expect(await about(place.scope("ben"))).toEqual([]);
    expect(await about(newChannel().scope("mod", MANAGER))).toEqual([]);
    expect(await about(newDm("mod").scope("mod", MANAGER))).toEqual([]);
  });

  test("nothing is told in another place, where others would read it", async () => {
    const { place, refusal } = await refuse();
    const elsewhere = newChannel(place.conversation.guildId ?? undefined);

    expect(await store().gateLog.about(elsewhere.scope("ana"), refusal.messageId)).toEqual([]);
  });

  test("many are recorded at once, and none is nothing", async () => {
    const { place, refusal } = await refuse();

    await store().gateLog.record([]);
    await store().gateLog.record([refusal, { ...refusal, reason: "blocked" }]);

    const found = await store().gateLog.about(place.scope("ana"), refusal.messageId);
    expect(found.map(({ reason }) => reason)).toEqual(["channel-off", "channel-off", "blocked"]);
  });

  test("reasons are kept for thirty days", async () => {
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
    const old = await refuse(newChannel(), daysAgo(31));
    const young = await refuse(newChannel(), daysAgo(29));

    await store().gateLog.tidy();

    expect(await store().gateLog.about(old.place.scope("ana"), old.refusal.messageId)).toEqual([]);
    expect(
      await store().gateLog.about(young.place.scope("ana"), young.refusal.messageId),
    ).toHaveLength(1);
  });
});
