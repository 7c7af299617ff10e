import { expect, test } from "vitest";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { hear, newChannel, newDm, newName, type Place } from "../../../test/talk.ts";
import type { GuildAccess } from "../../core/guild-access.ts";
import { guildId } from "../../core/ids.ts";
import { searchChatHistory } from "./search-history.ts";

const store = share(openEmbeddedStore);

interface Rights {
  readonly mayRead?: boolean;
  readonly isForAll?: boolean;
}

const accessTo = (places: readonly (readonly [Place, Rights])[]): GuildAccess => ({
  standing: async () => ({
    roleIds: [],
    places: places.map(([{ conversation }, { mayRead = true, isForAll = true }]) => ({
      conversation,
      name: conversation.title,
      mayRead,
      isForAll,
      maySend: true,
      mayPoll: true,
      permissions: 0n,
    })),
  }),
});

async function scene() {
  const guild = guildId(`discord:${newName("guild")}`);
  const [here, other, abroad] = [newChannel(guild), newChannel(guild), newChannel()];
  const ana = newName("ana");
  const dm = newDm(ana);
  for (const place of [here, other, abroad, dm]) await hear(store(), place.message(ana, "a bike"));
  const search = async (access: GuildAccess, from: Place = here) => {
    const tool = searchChatHistory({ access, history: store().history });
    return tool.run(tool.input.parse({ query: "bike" }), {
      scope: from.scope(ana),
      conversationId: from.conversation.id,
      signal: new AbortController().signal,
    });
  };
  return { here, other, abroad, dm, search };
}

const hits = (text: string): number =>
  text.split("\n").filter((line) => line.includes("a bike")).length;

test("search_chat_history looks in all channels that everybody may read, and says that the words are others'", async () => {
  const { here, other, search } = await scene();

  const { text, taints } = await search(
    accessTo([
      [here, {}],
      [other, {}],
    ]),
  );

  expect(hits(text)).toBe(2);
  expect(taints).toMatchObject([{ source: "other-person" }]);
});

test.each([
  ["the asker may not read", { mayRead: false }],
  ["only some who are here may read", { isForAll: false }],
])("search_chat_history shows nothing of a channel that %s", async (_, rights) => {
  const { here, other, search } = await scene();

  expect(
    hits(
      (
        await search(
          accessTo([
            [here, {}],
            [other, rights],
          ]),
        )
      ).text,
    ),
  ).toBe(1);
});

test("search_chat_history shows a channel that only some may read to those who are in it", async () => {
  const { here, search } = await scene();

  expect(hits((await search(accessTo([[here, { isForAll: false }]]))).text)).toBe(1);
});

test("search_chat_history shows no other server and no DM, whatever the platform says", async () => {
  const { abroad, dm, search } = await scene();

  expect(
    hits(
      (
        await search(
          accessTo([
            [abroad, {}],
            [dm, {}],
          ]),
        )
      ).text,
    ),
  ).toBe(0);
});

test("search_chat_history is for servers", async () => {
  const { dm, search } = await scene();

  expect((await search({ standing: async () => null }, dm)).isError).toBe(true);
});
