import type { IncomingMessage, ServerResponse } from "node:http";

type Json = Record<string, unknown>;
type Answer = readonly [status: number, body: unknown, headers?: Readonly<Record<string, string>>];

/** What stands in each place, to be filled by tests. */
export interface Shelves {
  /** https://github.com/modelcontextprotocol/registry/blob/main/docs/reference/api/openapi.yaml: entries by name. */
  readonly registry: Map<string, Json>;
  /** https://smithery.ai/docs/api-reference/servers: by qualified name. */
  readonly smithery: Map<string, Json>;
  /** https://docs.github.com/en/rest: by `owner/repo`. */
  readonly github: Map<string, Repository>;
  /** https://distribution.github.io/distribution/spec/api: digests by `path:tag`. */
  readonly images: Map<string, string>;
  /** Headers of the last question to each. */
  readonly headers: Map<string, IncomingMessage["headers"]>;
  answer: (request: IncomingMessage, response: ServerResponse, origin: string) => void;
}

export interface Repository {
  readonly about: Json;
  readonly commit: string;
  readonly files: Readonly<Record<string, string>>;
  /** Of what is no ordinary file, for example `{ link: "120000" }`. */
  readonly modes?: Readonly<Record<string, string>>;
}

export function createShelves(): Shelves {
  const shelves: Shelves = {
    registry: new Map(),
    smithery: new Map(),
    github: new Map(),
    images: new Map(),
    headers: new Map(),
    answer(request, response, origin) {
      const url = new URL(request.url ?? "/", origin);
      const [, shelf = "", ...rest] = url.pathname.split("/");
      shelves.headers.set(shelf, request.headers);
      const [status, body, headers = {}] = ANSWERS[shelf]?.(shelves, rest, url, request) ?? NOTHING;
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(body));
    },
  };
  return shelves;
}

const NOTHING: Answer = [404, { error: "Not Found" }];

const ANSWERS: Readonly<
  Record<
    string,
    (shelves: Shelves, path: readonly string[], url: URL, request: IncomingMessage) => Answer
  >
> = {
  registry({ registry }, [version, , name, , wanted], { searchParams }) {
    if (version !== "v0.1") return NOTHING;
    if (name === undefined) {
      const words = searchParams.get("search") ?? "";
      const found = [...registry]
        .filter(([each]) => each.includes(words))
        .map(([, entry]) => entry);
      return [200, { servers: found, metadata: { count: found.length } }];
    }
    const entry = registry.get(decodeURIComponent(name));
    const own = (entry?.["server"] as Json | undefined)?.["version"];
    return entry && (wanted === "latest" || wanted === own) ? [200, entry] : NOTHING;
  },
  smithery({ smithery }, [, ...name], { searchParams }) {
    if (name.length === 0) {
      const words = searchParams.get("q") ?? "";
      const found = [...smithery.values()].filter((each) => JSON.stringify(each).includes(words));
      return [200, { servers: found, pagination: { currentPage: 1, totalCount: found.length } }];
    }
    const found = smithery.get(name.map(decodeURIComponent).join("/"));
    return found ? [200, found] : NOTHING;
  },
  github({ github }, [, owner, name, ...rest]) {
    const found = github.get(`${owner ?? ""}/${name ?? ""}`);
    if (!found) return NOTHING;
    const [what, ...more] = rest;
    if (what === undefined) return [200, found.about];
    if (what === "commits") return [200, { sha: found.commit }];
    if (what === "git") return [200, { sha: found.commit, tree: treeOf(found), truncated: false }];
    const text = found.files[more.map(decodeURIComponent).join("/")];
    const content = Buffer.from(text ?? "").toString("base64");
    return text === undefined ? NOTHING : [200, { encoding: "base64", content }];
  },
  docker({ images }, [, ...path], { origin }, { headers }) {
    if (path[0] === "token") return [200, { token: "for-anybody" }];
    const tag = path.at(-1) ?? "";
    const name = path.slice(0, -2).join("/");
    if (headers.authorization !== "Bearer for-anybody")
      return [
        401,
        {},
        { "www-authenticate": `Bearer realm="${origin}/docker/v2/token",service="here"` },
      ];
    const digest = images.get(`${name}:${tag}`);
    return digest === undefined ? NOTHING : [200, {}, { "docker-content-digest": digest }];
  },
};

const treeOf = ({ files, modes = {} }: Repository) => [
  ...Object.entries(files).map(([path, text]) => ({
    path,
    mode: "100644",
    type: "blob",
    size: text.length,
  })),
  ...Object.entries(modes).map(([path, mode]) => ({
    path,
    mode,
    type: mode === "160000" ? "commit" : "blob",
  })),
];
