import { z } from "zod";
import { ask } from "./ask.ts";
import { dockerWords, pullWords } from "./docker-words.ts";
import { drafted, refused, type Drafted, type LookDeps, type Manner } from "./draft.ts";

const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const token = z.looseObject({ token: z.string().nullish(), access_token: z.string().nullish() });
const MAX_MS = 20_000;

interface Wanted {
  readonly image: string;
  readonly tag: string | null;
  readonly digest: string | null;
}

/** An image, pinned by the digest that its registry gives for the tag now. */
export async function lookDocker(
  deps: LookDeps,
  { image, tag, digest }: Wanted,
  { args }: Pick<Manner, "args">,
  signal: AbortSignal,
): Promise<Drafted> {
  const named = digest === null ? await digestOf(deps, image, tag ?? "latest", signal) : { digest };
  if ("says" in named) return refused(named.says);
  const source = { kind: "docker", image, digest: named.digest } as const;
  const launch = {
    kind: "stdio",
    command: "docker",
    args,
    cwd: null,
    env: {},
    secretEnv: [],
    isolation: "container",
  } as const;
  return drafted({
    calls: image.split("/").at(-1) ?? image,
    displayName: image,
    source,
    launch,
    needs: [],
    description: "",
    facts: [
      ["Image", `${image}${tag === null ? "" : `:${tag}`}`],
      ["Digest", named.digest],
      ["Maintainers, age, downloads", "not known: registries of images do not say"],
    ],
    risks:
      digest === null
        ? [
            "No digest was named: the tag leads to this one today, and to whatever its maker likes tomorrow. This one is kept.",
          ]
        : [],
    commands: [
      pullWords(`${image}@${named.digest}`),
      dockerWords({
        name: "clara-mcp-…",
        labels: {},
        image: `${image}@${named.digest}`,
        args,
        envNames: [],
        mounts: [],
      }),
    ],
  });
}

type Named = { readonly digest: string } | { readonly says: string };

/** https://distribution.github.io/distribution/spec/api: a manifest's digest, as anybody may ask for it. */
async function digestOf(
  { fetch, upstreams }: LookDeps,
  image: string,
  tag: string,
  signal: AbortSignal,
): Promise<Named> {
  const { base, path } = placeOf(image, upstreams.dockerHub);
  const url = `${base}/v2/${path}/manifests/${tag}`;
  const look = (bearer: string | null) =>
    fetch({
      url,
      headers: {
        accept: MANIFESTS,
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      },
      onBehalfOf: null,
      maxMs: MAX_MS,
      signal,
    });
  let answer = await look(null);
  if (answer.kind === "answer" && answer.status === 401) {
    const bearer = await tokenFor(fetch, answer.headers["www-authenticate"] ?? "", path, signal);
    if (bearer !== null) answer = await look(bearer);
  }
  if (answer.kind === "failure")
    return { says: `The registry of \`${image}\` could not be asked: ${answer.says}` };
  if (answer.status === 404)
    return { says: `There is no image \`${image}:${tag}\`. Look at how it is spelt.` };
  if (answer.status !== 200)
    return {
      says: `The registry of \`${image}\` does not show it to everybody (${answer.status}). Images that need a sign-in are not supported.`,
    };
  const digest = answer.headers["docker-content-digest"] ?? "";
  return DIGEST.test(digest)
    ? { digest }
    : {
        says: `The registry of \`${image}\` does not name its digest. Name it yourself: \`${image}@sha256:...\`.`,
      };
}

/** https://distribution.github.io/distribution/spec/auth/token */
async function tokenFor(
  fetch: LookDeps["fetch"],
  challenge: string,
  path: string,
  signal: AbortSignal,
): Promise<string | null> {
  const realm = /realm="([^"]+)"/.exec(challenge)?.[1];
  if (!realm || !URL.canParse(realm)) return null;
  const url = new URL(realm);
  const service = /service="([^"]+)"/.exec(challenge)?.[1];
  if (service) url.searchParams.set("service", service);
  url.searchParams.set("scope", `repository:${path}:pull`);
  const asked = await ask(fetch, url.href, token, { who: "The registry's sign-in" }, signal);
  return asked.kind === "found" ? (asked.value.token ?? asked.value.access_token ?? null) : null;
}

function placeOf(image: string, hub: string): { readonly base: string; readonly path: string } {
  const [first = "", ...rest] = image.split("/");
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  if (!isHost) return { base: hub, path: rest.length === 0 ? `library/${first}` : image };
  if (first === "docker.io")
    return { base: hub, path: rest.length === 1 ? `library/${rest[0]}` : rest.join("/") };
  return { base: `https://${first}`, path: rest.join("/") };
}
