import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { SMTPServer } from "smtp-server";
import type { MailServer } from "../src/core/mail.ts";

const run = promisify(execFile);

export interface SmtpSink extends AsyncDisposable {
  readonly server: MailServer;
  /** Of its certificate, as PEM. */
  readonly ca: string;
  readonly letters: { readonly to: readonly string[]; readonly text: string }[];
}

/** Takes letters on the loopback. `refused@` is no address, and for `cut@` the connection ends without an answer. */
export async function openSmtp(): Promise<SmtpSink> {
  const folder = await mkdtemp(join(tmpdir(), "clara-smtp-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  await run("openssl", [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    "-subj",
    "/CN=localhost",
    "-addext",
    "subjectAltName=DNS:localhost",
    "-keyout",
    key,
    "-out",
    cert,
  ]);
  const ca = await readFile(cert, "utf8");
  const letters: SmtpSink["letters"] = [];
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    secure: true,
    key: await readFile(key),
    cert: ca,
    logger: false,
    onAuth: (auth, _, done) => done(null, { user: auth.username ?? "" }),
    onRcptTo({ address }, _, done) {
      done(address.startsWith("refused@") ? new Error("No such person") : null);
    },
    onData(stream, session, done) {
      const to = session.envelope.rcptTo.map(({ address }) => address);
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        letters.push({ to, text: Buffer.concat(parts).toString() });
        // Whoever handed it in never hears what became of it.
        if (to.some((address) => address.startsWith("cut@")))
          for (const socket of sockets) socket.destroy();
        else done();
      });
    },
  });
  server.on("error", () => {}); // Connections that are cut are a test's own doing.
  server.server.on("connection", (socket: Socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const address = server.server.address();
  if (address === null || typeof address === "string") throw new Error("There is no port");
  return {
    server: { host: "localhost", port: address.port, security: "tls" },
    ca,
    letters,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      await rm(folder, { recursive: true });
    },
  };
}
