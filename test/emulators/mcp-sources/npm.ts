import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

type Json = Record<string, unknown>;

export interface Published {
  readonly manifest: Json & { readonly name: string; readonly version: string };
  readonly files?: Readonly<Record<string, string>>;
  readonly publishedAt?: string;
  /** What the registry says of it, besides and instead. */
  readonly said?: Json;
  /** It was taken back: its time stays. */
  readonly isUnpublished?: boolean;
}

/** npm's registry, as https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md has it. Tarballs are npm's own. */
export function createNpm() {
  const packages = new Map<string, Json & { versions: Json; time: Json; "dist-tags": Json }>();
  const tarballs = new Map<string, Buffer>();
  return {
    packages,
    /** Of each tarball that was fetched. */
    fetched: [] as string[],
    async publish({
      manifest,
      files = {},
      publishedAt = LONG_AGO,
      said = {},
      isUnpublished = false,
    }: Published) {
      const { name, version } = manifest;
      const packument = packages.get(name) ?? {
        name,
        "dist-tags": {},
        versions: {},
        time: { created: publishedAt },
        maintainers: [{ name: "maker", email: "maker@example.com" }],
      };
      packages.set(name, packument);
      packument.time[version] = publishedAt;
      if (isUnpublished) return;
      const tarball = await pack(manifest, files);
      const path = `/npm/${name}/-/${name.split("/").at(-1)}-${version}.tgz`;
      tarballs.set(path, tarball);
      packument["dist-tags"]["latest"] = version;
      packument.versions[version] = {
        ...manifest,
        dist: {
          tarball: path,
          shasum: createHash("sha1").update(tarball).digest("hex"),
          integrity: `sha512-${createHash("sha512").update(tarball).digest("base64")}`,
          unpackedSize: tarball.length,
        },
        ...said,
      };
    },
    /** null: nothing of ours. */
    answer(path: string, origin: string): Json | Buffer | null {
      const tarball = tarballs.get(path);
      if (tarball) {
        this.fetched.push(path);
        return tarball;
      }
      const found = packages.get(decodeURIComponent(path.slice("/npm/".length)));
      return found === undefined ? null : withOrigin(found, origin);
    },
  };
}

const LONG_AGO = "2025-01-01T00:00:00.000Z";

/** Addresses of tarballs are whole. */
function withOrigin(packument: Json & { versions: Json }, origin: string): Json {
  const versions = Object.entries(packument.versions).map(([version, raw]) => {
    const manifest = raw as Json & { dist: Json };
    const tarball = String(manifest.dist["tarball"]);
    const whole = tarball.startsWith("/") ? origin + tarball : tarball;
    return [version, { ...manifest, dist: { ...manifest.dist, tarball: whole } }];
  });
  return { ...packument, versions: Object.fromEntries(versions) as Json };
}

async function pack(manifest: Json, files: Readonly<Record<string, string>>): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "clara-test-pack-"));
  const all = { ...files, "package.json": JSON.stringify(manifest) };
  for (const [name, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  // Beside the folder: what npm writes there while it packs would be packed, too.
  const cache = `${folder}-cache`;
  const { stdout } = await promisify(execFile)(
    "npm",
    ["pack", "--silent", "--ignore-scripts", "--no-update-notifier", `--cache=${cache}`],
    { cwd: folder },
  );
  const tarball = await readFile(join(folder, stdout.trim()));
  await rm(folder, { recursive: true });
  await rm(cache, { recursive: true, force: true });
  return tarball;
}
