import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { hear, newChannel } from "../../test/talk.ts";
import type { IncomingMessage } from "../core/message.ts";

describeStore("summaries", (open) => {
  const store = share(open);
  const said = async (...words: string[]) => {
    const place = newChannel();
    const messages = words.map((text) => place.message("ana", text));
    await hear(store(), ...messages);
    const scope = place.scope("ana");
    const { id } = place.conversation;
    return {
      place,
      scope,
      messages,
      save: (text: string, upTo: IncomingMessage | undefined) =>
        store().transcript.saveSummary(scope, id, {
          text,
          upTo: upTo?.id as never,
          upToAt: upTo?.sentAt ?? new Date(),
        }),
      read: () => store().transcript.summary(scope, id),
      unfolded: async () =>
        (await store().query("select unfolded from conversations where id = $1", [id]))[0]?.[
          "unfolded"
        ],
    };
  };
  /** Time passes for what was deleted and edited here. */
  const settle = (messages: readonly IncomingMessage[]) =>
    store().query(
      "update messages set deleted_at = deleted_at - interval '1 hour', edited_at = edited_at - interval '1 hour' where id = any($1)",
      [messages.map(({ id }) => id)],
    );

  test("a summary is kept with the message that it covers last, and counts anew from there", async () => {
    const { messages, save, read, unfolded } = await said("one", "two");
    expect(await read()).toBeNull();
    expect(await unfolded()).toBe(2);

    await save("They counted.\0", messages[1]);

    expect(await read()).toEqual({
      text: "They counted.\ufffd",
      upTo: messages[1]?.id,
      upToAt: messages[1]?.sentAt,
    });
    expect(await unfolded()).toBe(0);
  });

  test("a newer summary replaces an older one, and never the other way round", async () => {
    const { messages, save, read } = await said("one", "two");

    await save("Both.", messages[1]);
    await save("Only one.", messages[0]);
    expect(await read()).toMatchObject({ text: "Both." });

    await save("Both again.", messages[1]);
    expect(await read()).toMatchObject({ text: "Both again." });
  });

  test("a summary of words that were deleted or edited while it was made is not kept", async () => {
    const { scope, messages, save, read, unfolded } = await said("secret", "wrong", "three");
    await store().inbox.forget([messages[0]?.id as never]);
    await save("A secret.", messages[2]);
    expect(await read()).toBeNull();
    expect(await unfolded()).toBe(3);
    await settle(messages);

    await store().inbox.revise(scope, messages[1]?.id as never, "right");
    await save("Something wrong.", messages[2]);
    expect(await read()).toBeNull();

    await settle(messages);
    await save("All is right.", messages[2]);
    expect(await read()).toMatchObject({ text: "All is right." });
  });

  test("what is deleted after the end of a summary does not keep it from being kept", async () => {
    const { messages, save, read } = await said("one", "two");
    await store().inbox.forget([messages[1]?.id as never]);

    await save("One.", messages[0]);

    expect(await read()).toMatchObject({ text: "One." });
  });

  test("a deletion and a summary at the same time never leave the deleted words", async () => {
    for (let round = 0; round < 10; round++) {
      const { messages, save, read } = await said("secret", "two");

      await Promise.all([
        save("A secret.", messages[1]),
        store().inbox.forget([messages[0]?.id as never]),
      ]);

      expect(await read()).toBeNull();
    }
  });

  test("a summary of an unknown message is not kept", async () => {
    const { place, save, read } = await said("one");

    await save("Nothing.", place.message("ana", "never heard"));

    expect(await read()).toBeNull();
  });
});
