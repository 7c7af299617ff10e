/** The front door of the room. */
export { createFileClearing } from "./clear-left-over.ts";
export { createDiskBlobs } from "./disk-blobs.ts";
export { createFileStore } from "./file-store.ts";
export { keepAttachments } from "./keep-attachments.ts";
export { createListener } from "./listen.ts";
export { createAttachmentReader } from "./read-attachments.ts";
export { createS3Blobs } from "./s3-blobs.ts";
export { createS3Bucket, S3Error, type S3Settings } from "./s3-bucket.ts";
export { safeName } from "./safe-name.ts";
export type { ReadingLimits } from "./read-one.ts";
