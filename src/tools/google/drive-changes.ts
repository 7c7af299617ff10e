import { z } from "zod";
import type { Tool } from "../../core/tool.ts";
import { answerOf } from "./apis.ts";
import { defineGoogleTool, id, title, type GoogleDeps } from "./define.ts";
import { FOLDER, LINE_FIELDS, lineOf } from "./drive-words.ts";

/** A model writes no more at once. */
const MAX_CONTENT_CHARS = 1_000_000;
const fields = LINE_FIELDS;
const common = { fields, supportsAllDrives: true } as const;
const fileId = id("The file's id, as a list gives it");
const folder = id("The folder's id; left out, the top of the Drive").optional();
const parentsOf = (folderId: string | undefined) =>
  folderId === undefined ? {} : { parents: [folderId] };

/** What adds to a person's Drive. */
export const driveAdders = (deps: GoogleDeps): readonly Tool[] => [
  defineGoogleTool(deps, {
    name: "google_drive_upload",
    description: "Put a text into the person's Google Drive as a new file.",
    label: "Putting a file into your Drive",
    effect: "outside",
    needs: "drive",
    input: z.object({
      name: title("The file's name, with its ending"),
      content: z.string().max(MAX_CONTENT_CHARS),
      folder_id: folder,
      mime_type: z
        .string()
        .regex(/^[\w.+-]+\/[\w.+-]+$/, "must be such as text/plain")
        .default("text/plain"),
    }),
    explain: ({ name, folder_id: folderId }) => ({
      what: folderId
        ? "Put a new file into a folder of your Google Drive; whoever shares the folder sees it"
        : "Put a new file into your Google Drive",
      target: name,
      reversible: true,
    }),
    async run({ name, content: body, folder_id, mime_type: mimeType }, apis) {
      const api = await apis.drive();
      const requestBody = { name, mimeType, ...parentsOf(folder_id) };
      const file = await answerOf(
        api.files.create({ requestBody, media: { mimeType, body }, ...common }, apis.uploadTo),
      );
      return { text: `Uploaded: ${lineOf(file)}`, links: [file.webViewLink] };
    },
  }),
  defineGoogleTool(deps, {
    name: "google_drive_create_folder",
    description: "Make a folder in the person's Google Drive.",
    label: "Making a folder in your Drive",
    effect: "outside",
    needs: "drive",
    input: z.object({ name: title("The folder's name"), parent_id: folder }),
    explain: ({ name }) => ({
      what: "Make a folder in your Google Drive",
      target: name,
      reversible: true,
    }),
    async run({ name, parent_id }, apis) {
      const api = await apis.drive();
      const requestBody = { name, mimeType: FOLDER, ...parentsOf(parent_id) };
      const file = await answerOf(api.files.create({ requestBody, ...common }));
      return { text: `Made: ${lineOf(file)}`, links: [file.webViewLink] };
    },
  }),
  defineGoogleTool(deps, {
    name: "google_drive_copy",
    description: "Copy a file within the person's Google Drive.",
    label: "Copying a file in your Drive",
    effect: "outside",
    needs: "drive",
    input: z.object({
      file_id: fileId,
      name: title("The copy's name").optional(),
      folder_id: folder,
    }),
    explain: ({ file_id, name }) => ({
      what: "Copy a file in your Google Drive",
      target: name ?? file_id,
      reversible: true,
    }),
    async run({ file_id, name, folder_id }, apis) {
      const api = await apis.drive();
      const requestBody = { ...(name ? { name } : {}), ...parentsOf(folder_id) };
      const file = await answerOf(api.files.copy({ fileId: file_id, requestBody, ...common }));
      return { text: `Copied: ${lineOf(file)}`, links: [file.webViewLink] };
    },
  }),
];

/** What changes files of a person's Drive: those that were made here, since more is not asked for. */
export const driveChanges = (deps: GoogleDeps): readonly Tool[] => [
  defineGoogleTool(deps, {
    name: "google_drive_share",
    description:
      "Share a file of the person's Google Drive with somebody, who gets mail from Google.",
    label: "Sharing a file of your Drive",
    effect: "outside",
    needs: "drive",
    input: z.object({
      file_id: fileId,
      email: z.email().describe("With whom"),
      role: z.enum(["reader", "writer", "commenter"]).default("reader"),
    }),
    explain: ({ file_id, email, role }) => ({
      what: `Share a file of your Google Drive with ${email} (${role}), who gets mail from Google`,
      target: file_id,
      reversible: false,
    }),
    async run({ file_id, email: emailAddress, role }, apis) {
      const api = await apis.drive();
      const requestBody = { type: "user", role, emailAddress };
      const options = { sendNotificationEmail: true, supportsAllDrives: true, fields: "id,role" };
      await answerOf(api.permissions.create({ fileId: file_id, requestBody, ...options }));
      return { text: `Shared with ${emailAddress} as ${role}.` };
    },
  }),
  defineGoogleTool(deps, {
    name: "google_drive_move",
    description: "Move a file of the person's Google Drive into another folder.",
    label: "Moving a file in your Drive",
    effect: "outside",
    needs: "drive",
    input: z.object({ file_id: fileId, folder_id: id("The folder's id") }),
    explain: ({ file_id, folder_id }) => ({
      what: "Move a file in your Google Drive; whoever shares the folder sees it then",
      target: `${file_id} into ${folder_id}`,
      reversible: true,
    }),
    async run({ file_id, folder_id }, apis) {
      const api = await apis.drive();
      const before = await answerOf(
        api.files.get({ fileId: file_id, fields: "parents", supportsAllDrives: true }),
      );
      const removeParents = (before.parents ?? []).join(",");
      const file = await answerOf(
        api.files.update({
          fileId: file_id,
          addParents: folder_id,
          ...(removeParents === "" ? {} : { removeParents }),
          ...common,
        }),
      );
      return { text: `Moved: ${lineOf(file)}`, links: [file.webViewLink] };
    },
  }),
  defineGoogleTool(deps, {
    name: "google_drive_rename",
    description: "Give a file of the person's Google Drive another name.",
    label: "Renaming a file in your Drive",
    effect: "outside",
    needs: "drive",
    input: z.object({ file_id: fileId, name: title("The new name") }),
    explain: ({ file_id, name }) => ({
      what: `Rename a file of your Google Drive to ${name}`,
      target: file_id,
      reversible: true,
    }),
    async run({ file_id, name }, apis) {
      const api = await apis.drive();
      const file = await answerOf(
        api.files.update({ fileId: file_id, requestBody: { name }, ...common }),
      );
      return { text: `Renamed: ${lineOf(file)}`, links: [file.webViewLink] };
    },
  }),
  defineGoogleTool(deps, {
    name: "google_drive_delete",
    description:
      "Put a file of the person's Google Drive into the bin, where it stays for 30 days. With permanent it is gone at once.",
    label: "Deleting a file of your Drive",
    effect: "outside",
    needs: "drive",
    input: z.object({ file_id: fileId, permanent: z.boolean().default(false) }),
    explain: ({ file_id, permanent }) => ({
      what: permanent
        ? "Delete a file of your Google Drive for good"
        : "Put a file of your Google Drive into the bin",
      target: file_id,
      reversible: !permanent,
    }),
    async run({ file_id, permanent }, apis) {
      const api = await apis.drive();
      if (permanent) {
        await api.files.delete({ fileId: file_id, supportsAllDrives: true });
        return { text: `Deleted for good: file ${file_id}.` };
      }
      const file = await answerOf(
        api.files.update({ fileId: file_id, requestBody: { trashed: true }, ...common }),
      );
      return { text: `In the bin for 30 days: ${lineOf(file)}` };
    },
  }),
];
