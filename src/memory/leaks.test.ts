import { expect, test } from "vitest";
import { describeStore, share } from "../../test/open-test-store.ts";
import { seeded, walk } from "../../test/leaks/walk.ts";
import type { RecallSource } from "../core/recall.ts";
import { messageId } from "../core/ids.ts";

const OPERATIONS = 250;

describeStore("What is remembered", (open) => {
  const store = share(open);

  test.each([1, 2])("is never shown to who may not know it, walk %i", async (seed) => {
    const { seen, leaks } = await walk(store(), seeded(seed), OPERATIONS);

    expect(leaks).toEqual([]);
    expect(seen).toBeGreaterThan(50);
  });

  test("would be found out if a filter were missing", async () => {
    const all = async (what: string) => store().query(what);
    const leaking: RecallSource = {
      ...store().recall,
      facts: async () => (await all("select id, text from memories limit 50")) as never,
      messages: async (_scope, ids) =>
        (await all('select id, text, role, sent_at as "sentAt" from messages limit 50')).map(
          (row) => ({
            ...row,
            id: ids[0] ?? messageId("discord:1"),
          }),
        ) as never,
    };

    const { leaks } = await walk({ ...store(), recall: leaking }, seeded(3), OPERATIONS);

    expect(leaks.length).toBeGreaterThan(0);
  });
});
