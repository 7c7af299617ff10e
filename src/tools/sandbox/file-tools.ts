import { z } from "zod";
import type { SandboxFile } from "../../core/sandbox.ts";
import { defineTool, type Tool } from "../../core/tool.ts";
import { inWorkspace, type SandboxToolDeps } from "./in-workspace.ts";
import { runIn } from "./run-tools.ts";
import { UNPACK } from "../../lib/unpack.ts";

const TIMEOUT_MS = 60_000;
const UNPACK_SECONDS = 45;
const MAX_CONTENT_CHARS = 1_000_000;
const SHOWN_CHARS = 12_000;
const MAX_SHOWN = 200;

export const path = z
  .string()
  .min(1)
  .max(1_000)
  .transform((given) => (given.startsWith("/") ? given : `/box/${given}`))
  .describe("Below /box or /out; a path without a slash at its beginning is below /box");

export const sandboxFile = (where: string, bytes: Uint8Array): SandboxFile => ({
  path: where,
  bytes,
  isProgram: false,
  // As if it had been there for ever: what code writes later is newer.
  modifiedAt: new Date(0),
});

export const fileTools = (deps: SandboxToolDeps): readonly Tool[] => [
  readFile(deps),
  writeFile(deps),
  listFiles(deps),
  unzipFile(deps),
];

const readFile = (deps: SandboxToolDeps) =>
  defineTool({
    name: "read_file",
    description: "Read a text file of the sandbox. Of a long one a part; give offset to read on.",
    label: "Reading a file",
    effect: "read",
    timeoutMs: TIMEOUT_MS,
    input: z.object({ path, offset: z.int().min(0).default(0).describe("Characters to skip") }),
    run: (input, context) =>
      inWorkspace(
        deps,
        context,
        async (workspace) => {
          const { bytes } = await workspace.get(input.path, context.signal);
          if (bytes.includes(0))
            return {
              text: `${input.path} is no text; it has ${bytes.length} bytes.`,
              isError: true,
            };
          const text = Buffer.from(bytes).toString();
          const shown = text.slice(input.offset, input.offset + SHOWN_CHARS);
          const left = text.length - input.offset - shown.length;
          return { text: left > 0 ? `${shown}\n[${left} characters more]` : shown };
        },
        { isReading: true },
      ),
  });

const writeFile = (deps: SandboxToolDeps) =>
  defineTool({
    name: "write_file",
    description: "Write a text file in the sandbox; what was there is replaced.",
    label: "Writing a file",
    effect: "write",
    isContained: true,
    timeoutMs: TIMEOUT_MS,
    input: z.object({ path, content: z.string().max(MAX_CONTENT_CHARS) }),
    run: (input, context) =>
      inWorkspace(deps, context, async (workspace) => {
        const bytes = Buffer.from(input.content);
        await workspace.put([sandboxFile(input.path, bytes)], context.signal);
        return { text: `Written to ${input.path}, ${bytes.length} bytes.` };
      }),
  });

const listFiles = (deps: SandboxToolDeps) =>
  defineTool({
    name: "list_files",
    description: "The files of the sandbox, with their sizes, and how much room there is.",
    label: "Looking through the sandbox",
    effect: "read",
    timeoutMs: TIMEOUT_MS,
    input: z.object({ path: path.default("/box") }),
    run: (input, context) =>
      inWorkspace(
        deps,
        context,
        async (workspace) => {
          const found = await workspace.list(input.path, context.signal);
          const lines = found.entries
            .slice(0, MAX_SHOWN)
            .map((entry) => `${entry.path} (${entry.sizeBytes} bytes)`);
          const more = found.entries.length - lines.length;
          return {
            text: [
              ...(lines.length === 0 ? [`No files below ${input.path}.`] : lines),
              ...(more > 0 || found.isCut ? [`[and ${more} more]`] : []),
              ...(found.others > 0 ? [`[and ${found.others} links or the like]`] : []),
              `[${found.usedBytes} bytes are used, ${found.freeBytes} are free]`,
            ].join("\n"),
          };
        },
        { isReading: true },
      ),
  });

const unzipFile = (deps: SandboxToolDeps) =>
  defineTool({
    name: "unzip_file",
    description:
      "Unpack an archive that lies in the sandbox: zip, tar, tar.gz, tar.bz2, tar.xz. Links and names that lead elsewhere are left out.",
    label: "Unpacking an archive",
    effect: "write",
    isContained: true,
    timeoutMs: TIMEOUT_MS,
    input: z.object({ path, destination: path.default("/box") }),
    run: (input, context) =>
      inWorkspace(deps, context, (workspace) => {
        const argv = ["python3", "-I", "-c", UNPACK, input.path, input.destination] as const;
        return runIn(workspace, { kind: "argv", argv }, UNPACK_SECONDS, context);
      }),
  });
