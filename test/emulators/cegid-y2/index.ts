import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import type { Clock } from "../../../src/servers/kit/clock.ts";
import { answerFrom } from "../../../src/servers/cegid-y2/demo/erp.ts";
import { BookFault } from "../../../src/servers/cegid-y2/demo/fault.ts";
import { pictureOf, restAnswer } from "../../../src/servers/cegid-y2/demo/rest.ts";
import { seedBooks } from "../../../src/servers/cegid-y2/demo/seed.ts";
import type { Books } from "../../../src/servers/cegid-y2/demo/state.ts";
import { find, textAt } from "../../../src/servers/cegid-y2/soap/xml-node.ts";
import { readRequest } from "./read-request.ts";
import { createTokens, type Tokens } from "./tokens.ts";
import { toAnswer, toFaultAnswer } from "./write-answer.ts";
import { wsdlOf } from "./wsdl.ts";

export interface Account {
  readonly folder: string;
  readonly user: string;
  readonly password: string;
}

/** What goes wrong with the next request. */
export type Trouble =
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
  /** Done, but the answer gets lost. */
  | "lost"
  /** Never answered. */
  | "silent"
  /** Nothing: what comes after it meets a later request. */
  | "pass";

export interface CegidEmulator extends AsyncDisposable {
  /** Ends with /Y2. */
  readonly url: string;
  readonly tokenUrl: string;
  readonly tokens: Tokens;
  /** Of one folder, alive: what is changed here is what it answers. */
  readonly books: (folder: string) => Books;
  /** Each request so far, as `FOLDER contract/method`. */
  readonly requests: string[];
  /** What requests held that the real services would have passed over. */
  readonly ignored: string[];
  /** For the next so many requests. */
  readonly trouble: (trouble: Trouble, times?: number) => void;
  /** From now on every answer goes through it. */
  readonly change: (change: (body: string) => string) => void;
}

const VOID = new Set([
  "UpdateHeader",
  "UpdatePayments",
  "Cancel",
  "Close",
  "Lock",
  "Unlock",
  "UpdateShoppingCart",
  "ResetShoppingCart",
  "UpdatePoints",
  "CloseCard",
  "ReOpenCard",
  "UpdateProgram",
]);

/** Cegid Y2 as far as it is known, on a port of this machine: SOAP, JSON services and sign-in. */
export async function openCegidEmulator(
  accounts: readonly Account[],
  clock: Clock,
): Promise<CegidEmulator> {
  const all = new Map(accounts.map(({ folder }) => [folder, seedBooks(clock.now())]));
  const tokens = createTokens(accounts);
  const requests: string[] = [];
  const ignored: string[] = [];
  const troubles: Trouble[] = [];
  let changed = (body: string): string => body;

  const folderOf = (authorization: string): string | null => {
    const [scheme, word = ""] = authorization.split(" ");
    if (scheme === "Bearer") return tokens.folderOf(word);
    const [name = "", ...password] = Buffer.from(word, "base64").toString().split(":");
    const found = accounts.find(
      (one) => name === `${one.folder}\\${one.user}` && password.join(":") === one.password,
    );
    return scheme === "Basic" && found ? found.folder : null;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://emulator");
    const body = await textOf(request);
    if (url.pathname === "/t/as/connect/token") return signIn(body, response);
    const trouble = troubles.shift();
    if (trouble === "silent") return;
    if (typeof trouble === "object")
      return send(response, trouble.status, trouble.body ?? "", trouble.headers);
    const service = /^\/Y2\/(\w+)\.svc$/.exec(url.pathname)?.[1];
    if (service && /wsdl/i.test(url.search)) {
      const wsdl = wsdlOf(service, `http://${request.headers.host}${url.pathname}`);
      return send(response, wsdl ? 200 : 404, wsdl ?? "", { "content-type": "text/xml" });
    }
    const folder = folderOf(request.headers.authorization ?? "");
    if (folder === null)
      return send(response, 401, "<html>Unauthorized</html>", { "content-type": "text/html" });
    const [status, answered] = service
      ? soap(service, folder, request, body)
      : json(url, folder, response);
    if (trouble === "lost") {
      request.socket.destroy();
      return;
    }
    if (answered !== null)
      send(response, status, changed(answered), {
        "content-type": service ? "text/xml; charset=utf-8" : "application/json",
      });
  }

  function soap(
    service: string,
    folder: string,
    request: IncomingMessage,
    body: string,
  ): [number, string] {
    const action = /^"http:\/\/www\.cegid\.fr\/Retail\/1\.0\/(\w+)\/(\w+)"$/.exec(
      String(request.headers["soapaction"] ?? ""),
    );
    const [, contract = "", method = ""] = action ?? [];
    requests.push(`${folder} ${contract}/${method}`);
    const fault = (words: string, members: readonly string[] = []): [number, string] => [
      500,
      toFaultAnswer(words, members, "7f0c1f6e-0000-4000-8000-000000000001"),
    ];
    if (!(request.headers["content-type"] ?? "").startsWith("text/xml")) return [415, ""];
    const read = readRequest(body, `${service}/${contract}/${method}`);
    if (!read) return fault("ActionNotSupported: the action is not understood");
    ignored.push(...read.ignored);
    const context = find(read.request, "clientContext") ?? find(read.request, "Context");
    if (textAt(context, "DatabaseId") !== folder) return fault("(WP006) The database is unknown");
    const books = all.get(folder);
    if (!books) return fault("(WP006) The database is unknown");
    try {
      const result = answerFrom({ books, clock }, { contract, method }, read.request);
      return [200, toAnswer(method, result, VOID.has(method))];
    } catch (thrown) {
      if (thrown instanceof BookFault) return fault(thrown.message, thrown.members);
      throw thrown;
    }
  }

  function json(url: URL, folder: string, response: ServerResponse): [number, string | null] {
    const [, , of, , ...rest] = url.pathname.split("/");
    requests.push(`${folder} GET ${rest.join("/")}`);
    const books = all.get(folder);
    if (decodeURIComponent(of ?? "") !== folder || !books) return [403, "{}"];
    if (rest[0] === "items") {
      const picture = pictureOf(books, rest.join("/"));
      if (picture === null) return [404, "{}"];
      response.writeHead(200, { "content-type": "image/png" }).end(Buffer.from(picture, "base64"));
      return [200, null];
    }
    const found = restAnswer(books, rest.join("/"), Object.fromEntries(url.searchParams));
    return found === null ? [404, "{}"] : [200, JSON.stringify(found)];
  }

  function signIn(body: string, response: ServerResponse): void {
    const granted = tokens.grant(new URLSearchParams(body));
    const refused = { error: "invalid_grant" };
    send(response, granted ? 200 : 400, JSON.stringify(granted ?? refused), {
      "content-type": "application/json",
    });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => send(response, 500, String(error)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/Y2`,
    tokenUrl: `http://127.0.0.1:${port}/t/as/connect/token`,
    tokens,
    requests,
    ignored,
    books(folder) {
      const found = all.get(folder);
      if (!found) throw new Error(`No folder ${folder}`);
      return found;
    },
    trouble(trouble, times = 1) {
      for (let count = 0; count < times; count += 1) troubles.push(trouble);
    },
    change(change) {
      changed = change;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const send = (
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void => void response.writeHead(status, headers).end(body);

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
