import { expect, test } from "vitest";
import { newDm } from "../../test/talk.ts";
import { messageId } from "../core/ids.ts";
import type { Turn } from "../core/turn.ts";
import type { Attachment, TranscriptMessage } from "../core/message.ts";
import { originsOf } from "./origins.ts";

const dm = newDm("ana");
const { principal } = dm.scope("ana");
const turn = { scope: dm.scope("ana"), conversation: dm.conversation } as Turn;
const sound: Attachment = { id: "1", name: "a.ogg", contentType: null, sizeBytes: 1, url: "" };
const said = (attachment: Attachment): TranscriptMessage => ({
  id: messageId("discord:1"),
  role: "person",
  authorId: principal.userId,
  authorName: "ana",
  text: "",
  replyTo: null,
  attachments: [attachment],
  sentAt: new Date(0),
});

const NOTHING = { taints: [], turnIds: [] };

test("what the asker says aloud is the asker's own, and a recording is a file of who knows whom", () => {
  expect(originsOf(turn, null, [said({ ...sound, isVoice: true })], NOTHING).taints).toEqual([]);
  expect(originsOf(turn, null, [said(sound)], NOTHING).taints).toEqual([
    { source: "file", name: "a.ogg" },
  ]);
});
