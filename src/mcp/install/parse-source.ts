import { FIRST_PARTY, type FirstParty } from "./first-party.ts";

/** Where a server is to come from, as a person wrote it; nothing of it has been looked up. */
export type WantedSource =
  | { readonly kind: "npm"; readonly package: string; readonly version: string | null }
  | { readonly kind: "smithery"; readonly name: string }
  | { readonly kind: "smithery-hosted"; readonly name: string }
  | {
      readonly kind: "github";
      readonly repository: string;
      readonly ref: string | null;
      readonly subfolder: string | null;
    }
  | {
      readonly kind: "docker";
      readonly image: string;
      readonly tag: string | null;
      readonly digest: string | null;
    }
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "url"; readonly url: string }
  /** Of the official MCP registry. */
  | { readonly kind: "registry"; readonly name: string; readonly version: string | null }
  | { readonly kind: "preset"; readonly name: string }
  | { readonly kind: "first-party"; readonly name: FirstParty };

export type ParsedSource =
  | { readonly kind: "source"; readonly source: WantedSource }
  | { readonly kind: "refused"; readonly says: string };

const MAX_CHARS = 400;
const NOT_IN_SOURCES = /["'`\\$;&|<>(){}*?!]/;
const NOT_IN_ADDRESSES = /["'`\\$|<>(){}*!]/;

/** https://github.com/npm/validate-npm-package-name, without the upper case of long ago. */
const NPM = /^(@[a-z0-9~][a-z0-9._~-]{0,100}\/)?[a-z0-9~][a-z0-9._~-]{0,150}$/;
/** An exact version, the beginning of one, or a tag such as `latest`. */
const NPM_VERSION = /^[0-9A-Za-z][0-9A-Za-z.+-]{0,80}$/;
const OWNER = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})";
const REPOSITORY = new RegExp(`^${OWNER}/[A-Za-z0-9._-]{1,100}$`);
const GIT_REF = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,120}$/;
const SMITHERY = /^@?[A-Za-z0-9][A-Za-z0-9_-]{0,80}(\/[A-Za-z0-9][A-Za-z0-9_-]{0,80})?$/;
/** https://github.com/modelcontextprotocol/registry: reverse DNS, one slash. */
const REGISTRY = /^[A-Za-z0-9][A-Za-z0-9.-]{0,100}\/[A-Za-z0-9._-]{1,98}$/;
/** https://github.com/distribution/reference: a host, a path in lower case. */
const IMAGE =
  /^(?:[A-Za-z0-9][A-Za-z0-9.-]{0,200}(?::\d{1,5})?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*){0,6}$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const IMAGE_HOST =
  /^(?:docker\.io|ghcr\.io|(?:[a-z0-9-]+\.)?gcr\.io|quay\.io|registry\..*|.*\.amazonaws\.com)\//;

/** From what a person wrote to what is meant. Pure; the same words mean the same for everybody. */
export function parseSource(written: string, presets: readonly string[] = []): ParsedSource {
  const text = written.trim();
  const trouble = troubleWith(text);
  if (trouble !== null) return refused(trouble);
  const [, prefix, rest] = /^([a-z-]{2,20}):(?!\/\/)(.*)$/.exec(text) ?? [];
  const named = prefix === undefined ? null : PREFIXES[prefix];
  if (named) return named(rest ?? "");
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) return withScheme(text);
  if (isPath(text)) return pathSource(text);
  if (presets.includes(text)) return found({ kind: "preset", name: text });
  const own = FIRST_PARTY.find((name) => name === text);
  if (own) return found({ kind: "first-party", name: own });
  if (/^github\.com\//i.test(text)) return githubSource(text.slice("github.com/".length));
  if (IMAGE_HOST.test(text) || text.includes("@sha256:")) return dockerSource(text);
  if (text.startsWith("@")) return npmSource(text);
  if (text.includes("/")) return withSlash(text);
  return npmSource(text);
}

const PREFIXES: Readonly<Record<string, ((rest: string) => ParsedSource) | undefined>> = {
  npm: npmSource,
  smithery: (rest) => smitherySource("smithery", rest),
  "smithery-hosted": (rest) => smitherySource("smithery-hosted", rest),
  github: githubSource,
  docker: dockerSource,
  registry: registrySource,
  path: pathSource,
};

const found = (source: WantedSource): ParsedSource => ({ kind: "source", source });
const refused = (says: string): ParsedSource => ({ kind: "refused", says });

function troubleWith(text: string): string | null {
  if (text === "") return "Say where the server comes from, for example `@scope/package@1.2.3`.";
  if (text.length > MAX_CHARS) return `That is longer than ${MAX_CHARS} characters.`;
  if (!/^[\x21-\x7e]+$/.test(text))
    return "That holds white space or letters beyond plain ASCII; names that only look like others are refused. Options of a program belong into its file in MCP_SERVERS_DIR.";
  if (text.startsWith("-"))
    return "That begins with a dash, as options of programs do. Say a package, a repository, an image or an address.";
  if ((isWeb(text) ? NOT_IN_ADDRESSES : NOT_IN_SOURCES).test(text))
    return "That holds a sign that no source has. Say a package, a repository, an image or an address.";
  return null;
}

const isWeb = (text: string): boolean => /^https?:\/\//i.test(text);
const isPath = (text: string): boolean => /^(?:\/|\.{1,2}(?:\/|$)|~)/.test(text);
const hasDots = (path: string): boolean =>
  path.split("/").some((piece) => piece === ".." || piece === "." || piece === "");

function npmSource(text: string): ParsedSource {
  const at = text.lastIndexOf("@");
  const [name, version] = at > 0 ? [text.slice(0, at), text.slice(at + 1)] : [text, null];
  if (!NPM.test(name) || name.length > 214)
    return refused(
      `\`${name}\` is no name of an npm package: they are in lower case, such as \`tavily-mcp\` or \`@scope/package\`.`,
    );
  if (version !== null && !NPM_VERSION.test(version))
    return refused(
      `\`${version}\` is no version: say an exact one such as 1.2.3, the beginning of one such as 1.2, or a tag such as latest.`,
    );
  return found({ kind: "npm", package: name, version });
}

function smitherySource(kind: "smithery" | "smithery-hosted", name: string): ParsedSource {
  return SMITHERY.test(name)
    ? found({ kind, name })
    : refused(`\`${name}\` is no name at Smithery: they look like \`owner/server\` or \`server\`.`);
}

function registrySource(text: string): ParsedSource {
  const [name = "", version] = text.split("@");
  if (!REGISTRY.test(name) || hasDots(name))
    return refused(
      `\`${name}\` is no name of the MCP registry: they look like \`io.github.owner/server\`.`,
    );
  if (version !== undefined && !NPM_VERSION.test(version))
    return refused(`\`${version}\` is no version.`);
  return found({ kind: "registry", name, version: version ?? null });
}

/** `owner/repo`, `owner/repo@ref`, `owner/repo/sub/folder`, `owner/repo/tree/ref/sub/folder`. */
function githubSource(text: string): ParsedSource {
  const [path = "", ref] = text.split("@");
  const [owner = "", name = "", ...more] = path.replace(/\/$/, "").split("/");
  const repository = `${owner}/${name.replace(/\.git$/, "")}`;
  if (!REPOSITORY.test(repository) || hasDots(repository))
    return refused(`\`${repository}\` is no repository of GitHub: they look like \`owner/repo\`.`);
  const isTree = more[0] === "tree" || more[0] === "blob";
  const pieces = isTree ? more.slice(2) : more;
  const wantedRef = ref ?? (isTree ? more[1] : undefined) ?? null;
  if (
    wantedRef !== null &&
    (!GIT_REF.test(wantedRef) || hasDots(wantedRef) || wantedRef.includes(".."))
  )
    return refused(`\`${wantedRef}\` is no branch, tag or commit.`);
  const subfolder = pieces.join("/");
  if (subfolder !== "" && !isSubfolder(subfolder))
    return refused(`\`${subfolder}\` is no folder within a repository.`);
  return found({
    kind: "github",
    repository,
    ref: wantedRef,
    subfolder: subfolder === "" ? null : subfolder,
  });
}

/** Relative, within, and without anything that git or a shell could read as more than a name. */
const isSubfolder = (path: string): boolean =>
  path.length <= 200 &&
  !hasDots(path) &&
  path.split("/").every((piece) => /^[A-Za-z0-9_@][A-Za-z0-9._@-]*$/.test(piece));

function dockerSource(text: string): ParsedSource {
  const [named = "", digest] = text.split("@");
  const colon = named.lastIndexOf(":");
  const hasTag = colon > named.lastIndexOf("/");
  const image = hasTag ? named.slice(0, colon) : named;
  const tag = hasTag ? named.slice(colon + 1) : null;
  if (!IMAGE.test(image))
    return refused(`\`${image}\` is no image: they look like \`ghcr.io/owner/image:1.2\`.`);
  if (tag !== null && !TAG.test(tag)) return refused(`\`${tag}\` is no tag of an image.`);
  if (digest !== undefined && !DIGEST.test(digest))
    return refused("A digest is `sha256:` and 64 hexadecimal digits.");
  return found({ kind: "docker", image, tag, digest: digest ?? null });
}

function pathSource(path: string): ParsedSource {
  if (path.startsWith("~") && !/^~(?:\/|$)/.test(path))
    return refused("Say the whole path, or one that begins with `~/`.");
  return path === ""
    ? refused("Say the path of a folder or program.")
    : found({ kind: "path", path });
}

/** Reverse DNS has a dot before the slash, owners at GitHub have none. */
function withSlash(text: string): ParsedSource {
  const [first = ""] = text.split("/");
  if (!first.includes(".")) return githubSource(text);
  if (/^(?:localhost|[\d.]+|.*:\d+)$/.test(first))
    return refused(`For a server on the web say its whole address, \`https://${text}\`.`);
  return registrySource(text);
}

function withScheme(text: string): ParsedSource {
  if (/^(?:git\+)?(?:ssh|git|file):/i.test(text) || /^git\+/i.test(text))
    return refused("Git is fetched from GitHub alone: say `owner/repo`.");
  if (!isWeb(text)) return refused("An address begins with `https://`.");
  if (!URL.canParse(text)) return refused("That is no address.");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "")
    return refused(
      "An address with a name and password in it is refused: keys are asked for, and kept sealed.",
    );
  if (/^(?:www\.)?github\.com$/i.test(url.hostname)) return githubSource(url.pathname.slice(1));
  if (/^(?:www\.)?npmjs\.com$/i.test(url.hostname)) return npmPage(url.pathname);
  if (url.hostname === "server.smithery.ai")
    return smitherySource("smithery-hosted", url.pathname.replace(/^\/|\/(?:mcp)?$/g, ""));
  if (url.protocol === "http:" && !isLoopback(url.hostname))
    return refused(
      "Without https everybody on the way could read along: say an address with `https://`.",
    );
  url.hash = "";
  return found({ kind: "url", url: url.href });
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);

function npmPage(path: string): ParsedSource {
  const [, name = "", version] =
    /^\/package\/((?:@[^/]+\/)?[^/]+)(?:\/v\/([^/]+))?\/?$/.exec(path) ?? [];
  return npmSource(version === undefined ? name : `${name}@${version}`);
}
