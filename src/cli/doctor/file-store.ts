import { randomUUID } from "node:crypto";
import type { Config } from "../../config.ts";
import { createS3Blobs, S3Error } from "../../files/index.ts";
import { broken, off, ok, type Check } from "./check.ts";

interface Deps {
  readonly fetch: typeof globalThis.fetch;
}

/** Writes a few bytes into the bucket, reads them and takes them away again: what Clara will do. */
export const checkFileStore = (
  { fetch }: Deps,
  { files: { s3 } }: Pick<Config, "files">,
): Check => ({
  name: "file store",
  async run() {
    if (s3 === null) return off("files lie on the disk; S3_ENABLED is not on");
    // Who asks the doctor does not want to wait until a busy service answers.
    const blobs = createS3Blobs({ fetch, sleep: async () => {} }, s3);
    const id = randomUUID();
    const words = Buffer.from("clara doctor");
    let found: Uint8Array | null = null;
    try {
      await blobs.put(id, words);
      found = await blobs.get(id);
      await blobs.remove(id);
    } catch (error) {
      if (error instanceof S3Error) return broken(error.message);
      throw error;
    }
    return found !== null && words.equals(found)
      ? ok(`the bucket ${s3.bucket} can be written, read and cleared`)
      : broken(`the bucket ${s3.bucket} gave back something else than was written`);
  },
});
