import { expect, onTestFinished, test } from "vitest";
import { createFakeOutlet } from "../../test/fake-outlet.ts";
import { openEmbeddedStore } from "../../test/open-test-store.ts";
import { failing, say, scriptedModel } from "../../test/scripted-model.ts";
import { ask, newChannel, newName } from "../../test/talk.ts";
import { attempt, turnDeps } from "../../test/turn-deps.ts";
import type { Attachment } from "../core/message.ts";
import type { ContentPart, ModelRequest } from "../core/model.ts";

const picture: Attachment = {
  id: "1",
  name: "a.png",
  contentType: "image/png",
  sizeBytes: 3,
  url: "https://cdn.discordapp.com/a.png",
};
const parts: readonly ContentPart[] = [
  { type: "text", text: "[image: a.png]" },
  { type: "image", mediaType: "image/png", data: "AAAA" },
];

/** A question with a picture; what was read, and what the model got. */
async function askWithPicture(model: ReturnType<typeof scriptedModel>) {
  const store = await openEmbeddedStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  const place = newChannel();
  const name = newName("ana");
  const outlet = createFakeOutlet({ idPrefix: `${name}-` });
  const read: string[] = [];
  const deps = {
    ...turnDeps({ store, outlet, model }),
    readAttachments: async (_: unknown, attachments: readonly Attachment[]) => {
      read.push(...attachments.map(({ name: file }) => file));
      return parts;
    },
  };
  await attempt(
    { store, deps },
    await ask(store, place.message(name, "What is it?", { attachments: [picture] })),
  );
  return { read, shown: outlet.messages.at(-1)?.content };
}

const contentOf = (request: ModelRequest | undefined): readonly ContentPart[] => {
  const last = request?.messages.at(-1);
  return last?.role === "user" ? last.content : [];
};

test("a picture stands behind the words of the question", async () => {
  const model = scriptedModel([say("A cat.")]);

  const { read, shown } = await askWithPicture(model);

  expect(read).toEqual(["a.png"]);
  expect(contentOf(model.requests[0]).slice(1)).toEqual(parts);
  expect(shown).toBe("A cat.");
});

test("a model that takes no images gets the question once more without them", async () => {
  const model = scriptedModel([failing("bad-request"), say("I cannot see it.")]);

  const { shown } = await askWithPicture(model);

  expect(contentOf(model.requests[1]).map(({ type }) => type)).toEqual(["text", "text", "text"]);
  expect(contentOf(model.requests[1])[2]).toEqual({
    type: "text",
    text: "[this model takes no images]",
  });
  expect(shown).toBe("I cannot see it.");
});
