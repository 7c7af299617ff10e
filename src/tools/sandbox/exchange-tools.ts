import { z } from "zod";
import { defineTool, type Tool } from "../../core/tool.ts";
import { nameOf, typeOf } from "./artifacts.ts";
import { path, sandboxFile } from "./file-tools.ts";
import { inWorkspace, type SandboxToolDeps } from "./in-workspace.ts";

const TIMEOUT_MS = 60_000;

const filename = z.string().min(1).max(300);

/** Between the sandbox and the files that people keep. */
export const exchangeTools = (deps: SandboxToolDeps): readonly Tool[] => [
  downloadFromSandbox(deps),
  uploadToSandbox(deps),
];

const downloadFromSandbox = (deps: SandboxToolDeps) =>
  defineTool({
    name: "download_from_sandbox",
    description: "Keep a file of the sandbox among the files of the person who asks.",
    label: "Keeping a file",
    effect: "write",
    timeoutMs: TIMEOUT_MS,
    input: z.object({
      sandbox_path: path,
      local_filename: filename.optional().describe("Its name there; left out: the same"),
    }),
    explain: ({ sandbox_path: from }) => ({ what: "Keep a file", target: from, reversible: true }),
    run: ({ sandbox_path: from, local_filename: wanted }, context) =>
      inWorkspace(deps, context, async (workspace) => {
        const { bytes } = await workspace.get(from, context.signal);
        const name = wanted ?? nameOf(from);
        const file = { name, contentType: typeOf(name), content: bytes, origin: null };
        const saved = await deps.files.save(context.scope, file);
        switch (saved.kind) {
          case "saved":
            return { text: `Kept as ${saved.file.name}, ${bytes.length} bytes.` };
          case "too-large":
            return {
              text: `Not kept: a file may have ${saved.maxBytes} bytes at most.`,
              isError: true,
            };
          case "full":
            return {
              text: "Not kept: this person keeps as much as may be. Some files must be deleted first.",
              isError: true,
            };
        }
      }),
  });

const uploadToSandbox = (deps: SandboxToolDeps) =>
  defineTool({
    name: "upload_to_sandbox",
    description:
      "Copy a kept file into the sandbox, for code to work on. What people attach is kept: list_local_files gives the names.",
    label: "Copying a file",
    effect: "write",
    isContained: true,
    timeoutMs: TIMEOUT_MS,
    input: z.object({
      local_filename: filename,
      sandbox_path: path.optional().describe("Left out: its name below /box"),
    }),
    async run({ local_filename: name, sandbox_path: to }, context) {
      const found = await deps.files.read(context.scope, { by: "name", name });
      if (!found)
        return {
          text: `There is no file named ${JSON.stringify(name)} that may be read here. list_local_files gives the names.`,
          isError: true,
        };
      const where = to ?? `/box/${nameOf(found.file.name)}`;
      const brings = [{ source: "file" as const, name: found.file.name }];
      return inWorkspace(
        deps,
        context,
        async (workspace) => {
          await workspace.put([sandboxFile(where, found.content)], context.signal);
          return { text: `It is at ${where} now, ${found.content.length} bytes.` };
        },
        { brings },
      );
    },
  });
