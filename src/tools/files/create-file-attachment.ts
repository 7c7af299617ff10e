import { z } from "zod";
import { defineTool } from "../../core/tool.ts";
import { content, filename, inWords, textTypeOf, TIMEOUT_MS } from "./parts.ts";

export const createFileAttachment = () =>
  defineTool({
    name: "create_file_attachment",
    description:
      "Write a text file and attach it to your answer: for code, tables and long texts that people want as a file.",
    label: "Writing a file",
    // It goes to whoever reads the answer, as the answer itself does; made again after a crash it is the same file.
    effect: "read",
    timeoutMs: TIMEOUT_MS,
    input: z.object({ filename, content }),
    async run(input) {
      const bytes = Buffer.from(input.content);
      const { filename: name } = input;
      return {
        text: `Written, ${inWords(bytes.length)}.`,
        files: [{ name, contentType: textTypeOf(name), content: bytes }],
      };
    },
  });
