import { z } from "zod";
import type { FileStore } from "../../core/files.ts";
import { defineTool } from "../../core/tool.ts";
import { filename, noSuchFile, TIMEOUT_MS } from "./parts.ts";

export const deleteLocalFile = ({ files }: { readonly files: FileStore }) =>
  defineTool({
    name: "delete_local_file",
    description: "Delete a kept file of the person who asks, for good. Others' files stay.",
    label: "Deleting a file",
    effect: "write",
    timeoutMs: TIMEOUT_MS,
    input: z.object({ filename }),
    explain: ({ filename: name }) => ({ what: "Delete a file", target: name, reversible: false }),
    async run({ filename: name }, { scope }) {
      const isGone = await files.remove(scope, { by: "name", name });
      return isGone ? { text: `Deleted ${name}.` } : noSuchFile(name);
    },
  });
