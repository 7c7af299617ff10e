import { z } from "zod";
import type { FileStore } from "../../core/files.ts";
import { defineTool } from "../../core/tool.ts";
import { inWords, TIMEOUT_MS } from "./parts.ts";

export const listLocalFiles = ({ files }: { readonly files: FileStore }) =>
  defineTool({
    name: "list_local_files",
    description:
      "The files that are kept and may be read here, newest first: what people attached, what was saved, what tools made.",
    label: "Looking through the files",
    effect: "read",
    timeoutMs: TIMEOUT_MS,
    input: z.object({}),
    async run(_, { scope }) {
      const found = await files.list(scope);
      if (found.length === 0) return { text: "No files are kept here." };
      const lines = found.map(({ name, contentType, sizeBytes, savedAt, owner }) => {
        const whose = owner === scope.principal.userId ? "" : ", somebody else's";
        return `${name} (${contentType}, ${inWords(sizeBytes)}, ${savedAt.toISOString()}${whose})`;
      });
      // Names are what people wrote.
      return { text: lines.join("\n"), taints: [{ source: "file", name: "names of files" }] };
    },
  });
