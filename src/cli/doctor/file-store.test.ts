import { expect, onTestFinished, test } from "vitest";
import { startFakeS3 } from "../../../test/fake-s3.ts";
import { checkFileStore } from "./file-store.ts";

const files = { dir: "d", maxFileBytes: 1, quotaBytes: 1 };

test("the doctor tries the bucket, leaves nothing in it, and tells what is wrong", async () => {
  const server = await startFakeS3();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const look = (change: object | null) =>
    checkFileStore(
      { fetch },
      { files: { ...files, s3: change && { ...server.settings, ...change } } },
    ).run(AbortSignal.timeout(10_000));

  expect(await look({})).toMatchObject({ verdict: "ok" });
  expect(server.keys()).toEqual([]);
  expect(await look(null)).toMatchObject({ verdict: "off" });
  expect(await look({ bucket: "other" })).toMatchObject({
    verdict: "broken",
    says: "There is no bucket other: make it, or look at S3_BUCKET",
  });
});
