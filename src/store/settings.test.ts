import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { hear, MANAGER, newChannel, newDm, newId } from "../../test/talk.ts";
import { ScopeError } from "../core/principal.ts";

describeStore("settings", (open) => {
  const store = share(open);

  test("a channel has the mode that was set last", async () => {
    const place = newChannel();
    const { channelId } = place.conversation;
    const scope = place.scope("mod", MANAGER);

    await store().channels.setMode(scope, channelId, "active");
    await store().channels.setMode(scope, channelId, "off");

    expect((await store().channels.modes()).get(channelId)).toBe("off");
  });

  test("a channel of another guild is out of reach once its mode was set", async () => {
    const [place, other] = [newChannel(), newChannel()];
    const { channelId } = other.conversation;
    await store().channels.setMode(other.scope("mod", MANAGER), channelId, "mention");

    const setting = store().channels.setMode(place.scope("mod", MANAGER), channelId, "off");

    await expect(setting).rejects.toThrow(ScopeError);
    expect((await store().channels.modes()).get(channelId)).toBe("mention");
  });

  test("a channel of another guild is out of reach once it was heard", async () => {
    const [place, other] = [newChannel(), newChannel()];
    const { channelId } = other.conversation;
    await hear(store(), other.message("ana", "hello"));

    const setting = store().channels.setMode(place.scope("mod", MANAGER), channelId, "active");

    await expect(setting).rejects.toThrow(ScopeError);
    expect((await store().channels.modes()).has(channelId)).toBe(false);
  });

  test("a private place has no mode", async () => {
    const setting = store().channels.setMode(newDm("ana").scope("ana"), newId(), "off");

    await expect(setting).rejects.toThrow(ScopeError);
  });

  test("a note is what was written last, and nothing before", async () => {
    const key = newId();
    expect(await store().notes.get(key)).toBeNull();

    await store().notes.set(key, "one");
    await store().notes.set(key, "two");

    expect(await store().notes.get(key)).toBe("two");
  });
});
