import { once } from "node:events";
import { createServer as createPlain, type Server, type Socket } from "node:net";
import { createServer as createTls, type TlsOptions } from "node:tls";
import { createInterface } from "node:readline";
import { makeCertificate } from "./certificate.ts";
import type { MailServer } from "../src/core/mail.ts";

/** What a server does with a line: says something (with its own tag as %TAG%), or ends by saying "end". */
export type Speak = (line: string, command: string) => string | null;

export interface FakeImap extends AsyncDisposable {
  readonly imap: MailServer;
  readonly ca: string;
}

export interface Manners {
  /** tls: from the first byte. plain: in clear text, whatever the client wants. */
  readonly security?: "tls" | "starttls" | "plain";
  /** null: it says nothing. */
  readonly greeting?: string | null;
  /** Before what every server says: null leaves it to that. */
  readonly speak?: Speak;
  readonly tls?: TlsOptions;
}

/** A server that speaks IMAP as badly as a test wants. What it says stands in RFC 9051, or breaks it. */
export async function openFakeImap({
  security = "tls",
  greeting = "* OK ready",
  speak = () => null,
  tls = {},
}: Manners = {}): Promise<FakeImap> {
  const { key, cert } = await makeCertificate();
  const sockets = new Set<Socket>();
  const serve = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {}); // Clients may leave at any time.
    if (greeting !== null) socket.write(`${greeting}\r\n`);
    createInterface({ input: socket }).on("line", (line) => {
      const [tag = "", command = "", ...rest] = line.split(" ");
      const name = (command === "UID" ? `UID ${rest[0]}` : command).toUpperCase();
      const answer = speak(line, name) ?? usual(name);
      if (answer === "end") socket.destroy();
      else socket.write(answer.replaceAll("%TAG%", tag));
    });
  };
  const server: Server =
    security === "tls" ? createTls({ key, cert, ...tls }, serve) : createPlain(serve);
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("There is no port");
  return {
    imap: {
      host: "localhost",
      port: address.port,
      security: security === "starttls" ? "starttls" : "tls",
    },
    ca: cert,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** One mail in the inbox, and nothing else. */
function usual(command: string): string {
  switch (command) {
    case "CAPABILITY":
      return "* CAPABILITY IMAP4rev1\r\n%TAG% OK done\r\n";
    case "EXAMINE":
    case "SELECT":
      return "* FLAGS (\\Seen)\r\n* 1 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 2]\r\n%TAG% OK [READ-ONLY] done\r\n";
    case "LIST":
    case "LSUB":
      return `* ${command} () "/" INBOX\r\n%TAG% OK done\r\n`;
    case "NAMESPACE":
      return '* NAMESPACE (("" "/")) NIL NIL\r\n%TAG% OK done\r\n';
    case "UID SEARCH":
      return "* SEARCH 1\r\n%TAG% OK done\r\n";
    default:
      return "%TAG% OK done\r\n";
  }
}
