/** One contract for every place where bytes may lie. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startFakeS3 } from "../../test/fake-s3.ts";
import type { Blobs } from "../core/files.ts";
import { createDiskBlobs } from "./disk-blobs.ts";
import { createS3Blobs } from "./s3-blobs.ts";
import { createS3Bucket, type S3Settings } from "./s3-bucket.ts";

const WORDS = Buffer.from("Grüße\u0000\u00ff");

async function openDisk(): Promise<Blobs> {
  const folder = await mkdtemp(join(tmpdir(), "clara-blobs-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return createDiskBlobs(folder);
}

async function openS3(change: Partial<S3Settings> = {}) {
  const server = await startFakeS3();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const pauses: number[] = [];
  const sleep = async (ms: number) => void pauses.push(ms);
  return {
    server,
    pauses,
    blobs: createS3Blobs({ fetch, sleep }, { ...server.settings, ...change }),
  };
}

describe.each([
  ["disk", openDisk],
  ["S3", async () => (await openS3()).blobs],
])("bytes on %s", (_, open) => {
  test("come back as they were, and the newest ones do", async () => {
    const blobs = await open();
    const [id, empty] = [randomUUID(), randomUUID()];

    await blobs.put(id, Buffer.from("old"));
    await blobs.put(id, WORDS);
    await blobs.put(empty, new Uint8Array());

    expect(Buffer.from((await blobs.get(id)) ?? []).equals(WORDS)).toBe(true);
    expect((await blobs.get(empty))?.length).toBe(0);
  });

  test("are gone once they were removed, which may happen twice", async () => {
    const blobs = await open();
    const id = randomUUID();
    await blobs.put(id, WORDS);

    await blobs.remove(id);
    await blobs.remove(id);

    expect(await blobs.get(id)).toBeNull();
  });

  test("are never looked for under a name that somebody wrote", async () => {
    const blobs = await open();

    await expect(blobs.put("../x", WORDS)).rejects.toThrow("UUID");
    await expect(blobs.get("../../etc/passwd")).rejects.toThrow("UUID");
    await expect(blobs.remove("..")).rejects.toThrow("UUID");
  });
});

test("a service that is busy or hangs up for a moment is asked again, ever later", async () => {
  const { blobs, server, pauses } = await openS3();
  const id = randomUUID();

  server.trouble("slow-down", "reset", "slow-down");
  await blobs.put(id, WORDS);

  expect(server.keys()).toEqual([`files/${id}`]);
  expect(pauses).toEqual([200, 400, 800]);
});

test("a service that stays away is given up, in words", async () => {
  const { blobs, server } = await openS3();

  server.trouble("slow-down", "slow-down", "slow-down", "slow-down");

  await expect(blobs.get(randomUUID())).rejects.toMatchObject({
    kind: "unreachable",
    message: expect.stringContaining("too busy (503)"),
  });
  expect(server.requests()).toBe(4);
});

test.each<[string, Partial<S3Settings>, string]>([
  ["no-bucket", { bucket: "other" }, "S3_BUCKET"],
  ["key-refused", { secretKey: "wrong-secret" }, "S3_SECRET_KEY"],
  ["key-refused", { accessKey: "AKIAOTHER" }, "S3_ACCESS_KEY"],
  ["wrong-region", { region: "us-east-1" }, "S3_REGION"],
  ["unreachable", { endpointUrl: "http://127.0.0.1:1" }, "S3_ENDPOINT_URL"],
])(
  "what is set wrongly is told by its name, and without the key: %s",
  async (kind, change, name) => {
    const { blobs } = await openS3(change);

    const failed = blobs.get(randomUUID());

    await expect(failed).rejects.toMatchObject({ kind, message: expect.stringContaining(name) });
    await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining("secret") });
  },
);

test("a clock that is wrong is told as such", async () => {
  const { blobs, server } = await openS3();

  server.trouble("skewed");

  await expect(blobs.get(randomUUID())).rejects.toMatchObject({ kind: "clock" });
});

test("a bucket lists its keys by their beginning, also when they come in several pages", async () => {
  await using s3 = await startFakeS3();
  const bucket = createS3Bucket({ fetch, sleep: async () => {} }, s3.settings);
  const keys = ["a/1", "b/1", "b/2", "b/3", "c/1"];
  await Promise.all(keys.map((key) => bucket.put(key, Buffer.from(key))));

  expect(await bucket.keys("b/")).toEqual(["b/1", "b/2", "b/3"]);
  expect(await bucket.keys("")).toEqual(keys);
  expect(await bucket.keys("nothing")).toEqual([]);
});
