import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { serve } from "../serve.ts";

const run = promisify(execFile);
const OCI = "application/vnd.oci.image";
const MANIFEST = `${OCI}.manifest.v1+json`;

export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Volumes?: Readonly<Record<string, object>>;
}

/**
 * A registry of images on this machine (https://distribution.github.io/distribution/spec/api), from which Docker itself
 * pulls. Its images hold Node.js, the libraries that it needs, and `files`.
 */
export async function openImageRegistry(files: Readonly<Record<string, string>>) {
  const layer = await layerWith(files);
  const blobs = new Map<string, Buffer>([[layer.digest, layer.gzipped]]);
  const manifests = new Map<string, Buffer>();
  const served = await serve((request, response) => {
    const [, kind, wanted = ""] = /\/(manifests|blobs)\/([^/]+)$/.exec(request.url ?? "") ?? [];
    const found = kind === "manifests" ? manifests.get(wanted) : blobs.get(wanted);
    if (kind === undefined) return void response.writeHead(200).end("{}");
    if (!found) return void response.writeHead(404).end();
    response.writeHead(200, {
      "content-type": kind === "manifests" ? MANIFEST : "application/octet-stream",
      "content-length": found.length,
      "docker-content-digest": digestOf(found),
    });
    response.end(request.method === "HEAD" ? undefined : found);
  });
  return {
    /** Without tag and digest. */
    image: (name: string) => `127.0.0.1:${served.port}/${name}`,
    /** Its digest. */
    push(tag: string, config: ImageConfig): string {
      const text = {
        architecture: process.arch === "x64" ? "amd64" : process.arch,
        os: "linux",
        config: { Env: ["PATH=/bin"], ...config },
        rootfs: { type: "layers", diff_ids: [layer.diffId] },
        history: [{ created_by: "a test" }],
      };
      const own = Buffer.from(JSON.stringify(text));
      blobs.set(digestOf(own), own);
      const manifest = Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          mediaType: MANIFEST,
          config: { mediaType: `${OCI}.config.v1+json`, size: own.length, digest: digestOf(own) },
          layers: [
            {
              mediaType: `${OCI}.layer.v1.tar+gzip`,
              size: layer.gzipped.length,
              digest: layer.digest,
            },
          ],
        }),
      );
      manifests.set(digestOf(manifest), manifest).set(tag, manifest);
      return digestOf(manifest);
    },
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  };
}

const digestOf = (bytes: Buffer): string =>
  `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

async function layerWith(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "clara-test-image-"));
  const root = join(folder, "root");
  const { stdout } = await run("ldd", [process.execPath]);
  const libraries = stdout.match(/\/\S+\.so\S*/g) ?? [];
  await mkdir(join(root, "tmp"), { recursive: true });
  await mkdir(join(root, "bin"), { recursive: true });
  await cp(process.execPath, join(root, "bin/node"));
  for (const library of libraries) {
    await mkdir(dirname(join(root, library)), { recursive: true });
    await cp(library, join(root, library), { dereference: true });
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
  await run("tar", ["-C", root, "-cf", join(folder, "layer.tar"), "."]);
  const diffId = digestOf(await readFile(join(folder, "layer.tar")));
  await run("gzip", ["-1", join(folder, "layer.tar")]);
  const gzipped = await readFile(join(folder, "layer.tar.gz"));
  await rm(folder, { recursive: true });
  return { diffId, gzipped, digest: digestOf(gzipped) };
}
