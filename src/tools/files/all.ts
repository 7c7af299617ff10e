import type { AttachmentReader, FileStore } from "../../core/files.ts";
import type { Tool } from "../../core/tool.ts";
import { createFileAttachment } from "./create-file-attachment.ts";
import { deleteLocalFile } from "./delete-local-file.ts";
import { listLocalFiles } from "./list-local-files.ts";
import { readLocalFile } from "./read-local-file.ts";
import { saveToLocal } from "./save-to-local.ts";
import { sendLocalFile } from "./send-local-file.ts";

export const fileTools = (deps: {
  readonly files: FileStore;
  readonly reader: AttachmentReader;
}): readonly Tool[] => [
  saveToLocal(deps),
  listLocalFiles(deps),
  readLocalFile(deps),
  deleteLocalFile(deps),
  sendLocalFile(deps),
  createFileAttachment(),
];
