import type { Blobs } from "../core/files.ts";
import { checkedBlobId } from "./blob-id.ts";
import { createS3Bucket, type S3Deps, type S3Settings } from "./s3-bucket.ts";

const FOLDER = "files";

/** Bytes as objects of a bucket. Throws S3Error. */
export function createS3Blobs(deps: S3Deps, settings: S3Settings): Blobs {
  const bucket = createS3Bucket(deps, settings);
  return {
    put: async (id, content) => bucket.put(keyOf(id), content),
    get: async (id) => bucket.get(keyOf(id)),
    remove: async (id) => bucket.remove(keyOf(id)),
  };
}

const keyOf = (id: string): string => `${FOLDER}/${checkedBlobId(id)}`;
