import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { newChannel, newDm, newName } from "../../test/talk.ts";
import { ScopeError } from "../core/principal.ts";
import { NO_SETTINGS, resolveSettings } from "../core/settings.ts";

describeStore("settings of people, channels and servers", (open) => {
  const store = share(open);

  test("forgetAll() takes what one person set, and nobody else's", async () => {
    const place = newChannel();
    const [ana, ben] = [place.scope(newName("ana")), place.scope(newName("ben"))];
    for (const scope of [ana, ben])
      await store().settings.change(scope, place.conversation, "person", { tier: "high" });

    expect(await store().settings.forgetAll(ana.principal.userId)).toBe(true);

    expect((await store().settings.of(ana, place.conversation)).person).toEqual(NO_SETTINGS);
    expect((await store().settings.of(ben, place.conversation)).person.tier).toBe("high");
    expect(await store().settings.forgetAll(ana.principal.userId)).toBe(false);
  });

  test("a change leaves what it does not name, and takes back what it names as null", async () => {
    const place = newChannel();
    const scope = place.scope("mod");
    const change = (values: object) =>
      store().settings.change(scope, place.conversation, "channel", values);
    await change({ tier: "low", language: "German" });

    await change({ tier: null, timeZone: "Asia/Jakarta" });

    expect((await store().settings.of(scope, place.conversation)).channel).toEqual({
      ...NO_SETTINGS,
      language: "German",
      timeZone: "Asia/Jakarta",
    });
  });

  test("a thread does as its channel does, and another channel or server does not", async () => {
    const [place, other] = [newChannel(), newChannel()];
    const scope = place.scope("mod");
    const thread = {
      ...place.conversation,
      channelId: "9",
      parentId: place.conversation.channelId,
    };
    await store().settings.change(scope, place.conversation, "channel", { tier: "low" });
    await store().settings.change(scope, place.conversation, "guild", { language: "French" });

    const there = await store().settings.of(scope, thread);
    const elsewhere = await store().settings.of(other.scope("mod"), other.conversation);

    expect([there.channel.tier, there.guild.language]).toEqual(["low", "French"]);
    expect([elsewhere.channel, elsewhere.guild]).toEqual([NO_SETTINGS, NO_SETTINGS]);
  });

  test("nobody changes a server from another one, or a channel from a DM", async () => {
    const [place, other, dm] = [newChannel(), newChannel(), newDm(newName("ana"))];

    const foreign = store().settings.change(other.scope("mod"), place.conversation, "guild", {});
    const fromDm = store().settings.change(dm.scope("ana"), dm.conversation, "channel", {});

    await expect(foreign).rejects.toThrow(ScopeError);
    await expect(fromDm).rejects.toThrow(ScopeError);
  });

  test("a time zone is the person's own, wherever he asks, and goes with what he forgets", async () => {
    const place = newChannel();
    const [ana, ben] = [newName("ana"), newName("ben")];
    await store().settings.setZone(place.scope(ana), "Asia/Jakarta");

    expect(await store().settings.zone(newDm(ana).scope(ana))).toBe("Asia/Jakarta");
    expect(await store().settings.zone(place.scope(ben))).toBeNull();
    expect((await store().settings.of(place.scope(ana), place.conversation)).person.timeZone).toBe(
      "Asia/Jakarta",
    );
    await store().settings.forgetAll(place.scope(ana).principal.userId);
    expect(await store().settings.zone(place.scope(ana))).toBeNull();
  });

  test("budgets of roles that are set in one moment all hold, and beside them what was set before", async () => {
    const place = newChannel();
    const scope = place.scope("mod");
    const role = (id: number, usd: number | null) =>
      store().settings.setRoleUsd(scope, place.conversation, String(id), usd);
    const guild = async () => (await store().settings.of(scope, place.conversation)).guild;
    await store().settings.change(scope, place.conversation, "guild", { language: "French" });

    const set = await Promise.all(Array.from({ length: 52 }, (_, id) => role(id + 1, 2)));
    await Promise.all([role(1, null), role(2, null), role(3, 5), role(99, null)]);

    expect(set.filter((isSet) => isSet)).toHaveLength(50);
    const { roleUsd, language } = await guild();
    expect(language).toBe("French");
    expect(roleUsd).toMatchObject({ 3: 5, 4: 2 });
    expect(Object.keys(roleUsd ?? {}).length).toBeLessThanOrEqual(50);
    expect(roleUsd).not.toHaveProperty("1");
    await expect(
      store().settings.setRoleUsd(newDm("ana").scope("ana"), newDm("ana").conversation, "1", 1),
    ).rejects.toThrow(ScopeError);
  });

  test("values of another time that cannot be read are not set", async () => {
    const place = newChannel();
    const scope = place.scope("mod");
    await store().settings.change(scope, place.conversation, "guild", { language: "French" });
    await store().query('update preferences set values = values || \'{"tier": "huge", "new": 1}\'');

    expect((await store().settings.of(scope, place.conversation)).guild).toEqual({
      ...NO_SETTINGS,
      language: "French",
    });
  });
});

const set = (change: Partial<typeof NO_SETTINGS>) => ({ ...NO_SETTINGS, ...change });
const none = { person: NO_SETTINGS, channel: NO_SETTINGS, guild: NO_SETTINGS };

test("resolveSettings() lets the nearest decide, and leaves personality to the place", () => {
  const resolved = resolveSettings({
    person: set({ language: "German", personality: "a pirate" }),
    channel: set({ tier: "low", language: "French" }),
    guild: set({ tier: "high", timeZone: "Asia/Tokyo", personality: "a clerk", dailyUsd: 2 }),
  });

  expect(resolved).toEqual({
    tier: "low",
    autoTier: false,
    personality: "a clerk",
    language: "German",
    timeZone: "Asia/Tokyo",
    receipts: null,
    dailyUsd: { person: null, channel: null, guild: 2 },
    roleUsd: {},
    answerButtons: true,
  });
});

test("resolveSettings() says nothing where nobody did", () => {
  expect(resolveSettings(none)).toMatchObject({ tier: null, autoTier: null, personality: null });
});

test("who has tiers chosen for him is not held to the channel's tier", () => {
  const resolved = resolveSettings({
    ...none,
    person: set({ autoTier: true }),
    channel: set({ tier: "low" }),
  });

  expect(resolved).toMatchObject({ tier: null, autoTier: true });
});
