/** The front door of the room. */
export { createAttachmentReader } from "./read-attachments.ts";
