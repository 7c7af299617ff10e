import { z } from "zod";
import type { FileStore } from "../../core/files.ts";
import { defineTool } from "../../core/tool.ts";
import { filename, noSuchFile, TIMEOUT_MS } from "./parts.ts";

export const sendLocalFile = ({ files }: { readonly files: FileStore }) =>
  defineTool({
    name: "send_local_file",
    description: "Attach a kept file to your answer.",
    label: "Fetching a file",
    effect: "read",
    timeoutMs: TIMEOUT_MS,
    input: z.object({ filename }),
    async run({ filename: name }, { scope }) {
      const found = await files.read(scope, { by: "name", name });
      if (!found) return noSuchFile(name);
      const { id: keptId, name: kept, contentType } = found.file;
      return {
        text: `Found ${kept}.`,
        files: [{ name: kept, contentType, content: found.content, keptId }],
      };
    },
  });
