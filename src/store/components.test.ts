import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { newDm, newId, newName } from "../../test/talk.ts";

describeStore("components", (open) => {
  const store = share(open);
  const person = (name: string) => newDm(newName(name)).scope(newName(name));
  const control = (data = {}) => ({ id: newId(), action: "test-act", data });

  test("press() gives action and data to the owner, and to nobody else", async () => {
    const [ana, ben] = [person("ana"), person("ben")];
    const one = control({ page: 3, words: "grüße 🙂" });
    await store().components.keep(ana, [one]);

    expect(await store().components.press(ben, one.id)).toEqual({ kind: "not-yours" });
    expect(await store().components.press(ana, one.id)).toEqual({
      kind: "pressed",
      action: "test-act",
      data: { page: 3, words: "grüße 🙂" },
    });
  });

  test("of two presses at once one is taken; after release() the next is", async () => {
    const ana = person("ana");
    const one = control();
    await store().components.keep(ana, [one]);
    const press = () => store().components.press(ana, one.id);

    const kinds = (await Promise.all([press(), press(), press()])).map(({ kind }) => kind);
    await store().components.release(one.id, false);

    expect(kinds.toSorted()).toEqual(["busy", "busy", "pressed"]);
    expect(await press()).toMatchObject({ kind: "pressed" });
  });

  test("a control that is used up, or a day old, is gone", async () => {
    const ana = person("ana");
    const [used, old] = [control(), control()];
    await store().components.keep(ana, [used, old]);
    await store().query("update components set expires_at = now() - interval '1 s' where id = $1", [
      old.id,
    ]);

    await store().components.release(used.id, true);

    expect(await store().components.press(ana, used.id)).toEqual({ kind: "gone" });
    expect(await store().components.press(ana, old.id)).toEqual({ kind: "gone" });
  });

  test("a press that was interrupted may be made again after a while", async () => {
    const ana = person("ana");
    const one = control();
    await store().components.keep(ana, [one]);
    await store().components.press(ana, one.id);
    await store().query("update components set busy_until = now() - interval '1 s'");

    expect(await store().components.press(ana, one.id)).toMatchObject({ kind: "pressed" });
  });
});
