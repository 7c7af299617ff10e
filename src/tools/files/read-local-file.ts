import { z } from "zod";
import type { AttachmentReader, FileStore } from "../../core/files.ts";
import { defineTool } from "../../core/tool.ts";
import { filename, noSuchFile, TIMEOUT_MS } from "./parts.ts";

interface Deps {
  readonly files: FileStore;
  readonly reader: AttachmentReader;
}

export const readLocalFile = ({ files, reader }: Deps) =>
  defineTool({
    name: "read_local_file",
    description:
      "The words of a file that is kept: texts, code, PDF, Word, Excel, OpenDocument, CSV, and what a ZIP archive holds. Of a long file a part; give offset to read on.",
    label: "Reading a file",
    effect: "read",
    timeoutMs: TIMEOUT_MS,
    input: z.object({
      filename,
      offset: z
        .int()
        .min(0)
        .default(0)
        .describe("What to skip: rows of a table, pages of a PDF, else characters"),
    }),
    async run({ filename: name, offset }, { scope, signal }) {
      const found = await files.read(scope, { by: "name", name });
      if (!found) return noSuchFile(name);
      const { id, contentType, sizeBytes } = found.file;
      const parts = await reader.read(
        { fetch: async () => ({ kind: "fetched", bytes: found.content }) },
        [{ id, name: found.file.name, contentType, sizeBytes, url: "" }],
        signal,
        offset,
      );
      return {
        text: parts
          .map((part) =>
            part.type === "text" ? part.text : "[a picture; send_local_file shows it]",
          )
          .join("\n"),
        taints: [{ source: "file", name: found.file.name }],
      };
    },
  });
