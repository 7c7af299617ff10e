import { z } from "zod";
import type { FileStore } from "../../core/files.ts";
import { defineTool } from "../../core/tool.ts";
import { content, filename, inWords, textTypeOf, TIMEOUT_MS } from "./parts.ts";

export const saveToLocal = ({ files }: { readonly files: FileStore }) =>
  defineTool({
    name: "save_to_local",
    description:
      "Keep a text as a file of the person who asks, for later. A file of the same name is replaced. It can be read only where it was saved: in this private chat, or in this channel.",
    label: "Saving a file",
    effect: "write",
    timeoutMs: TIMEOUT_MS,
    input: z.object({ filename, content }),
    explain: ({ filename: name }) => ({ what: "Save a file", target: name, reversible: true }),
    async run(input, { scope }) {
      const { filename: name } = input;
      const saved = await files.save(scope, {
        name,
        contentType: textTypeOf(name),
        content: Buffer.from(input.content),
        origin: null,
      });
      switch (saved.kind) {
        case "saved":
          return { text: `Saved as ${saved.file.name}, ${inWords(saved.file.sizeBytes)}.` };
        case "too-large":
          return {
            text: `Not saved: a file may have ${inWords(saved.maxBytes)} at most.`,
            isError: true,
          };
        case "full":
          return {
            text: `Not saved: the files of this person would come to more than ${inWords(saved.quotaBytes)}. Some must be deleted first.`,
            isError: true,
          };
      }
    },
  });
