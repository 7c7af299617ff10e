import type { JsonObject, Upload } from "../world/model.ts";

/** What a handler gets: the path's parameters, the query, and a body that is an object or empty. */
export interface RestRequest {
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  /** Set when the body was a list, as for the bulk overwrite of commands. */
  readonly list: readonly unknown[];
  readonly files: readonly Upload[];
  param(name: string): string;
}

export interface RestReply {
  readonly status: number;
  readonly body?: unknown;
}

export interface Route {
  readonly method: string;
  /** With `:names` for parameters, like `/channels/:channelId`. */
  readonly path: string;
  /** Routes that carry their own token in the path need no Authorization. */
  readonly isOpen: boolean;
  readonly handle: (request: RestRequest) => RestReply | Promise<RestReply>;
}

export const ok = (body: unknown): RestReply => ({ status: 200, body });
export const created = (body: unknown): RestReply => ({ status: 201, body });
export const noContent = (): RestReply => ({ status: 204 });

/** `on("GET /gateway/bot", handler)`: one line per route. */
export function on(what: string, handle: Route["handle"]): Route {
  const [method = "", path = ""] = what.split(" ");
  return { method, path, isOpen: false, handle };
}

export function openOn(what: string, handle: Route["handle"]): Route {
  return { ...on(what, handle), isOpen: true };
}

export interface FoundRoute {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds routes by method and path; those without parameters win over those with. */
export function createRouter(
  routes: readonly Route[],
): (method: string, path: string) => FoundRoute | null {
  const compiled = routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  const parameters = (path: string) => path.split(":").length;
  compiled.sort((a, b) => parameters(a.route.path) - parameters(b.route.path));

  return (method, path) => {
    for (const { route, pattern } of compiled) {
      const match = route.method === method ? pattern.exec(path) : null;
      if (!match) continue;
      const params = Object.entries(match.groups ?? {}).map(([key, text]) => [key, decode(text)]);
      return { route, params: Object.fromEntries(params) as FoundRoute["params"] };
    }
    return null;
  };
}

// What is not encoded as it should be names nothing that exists.
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`);
}
