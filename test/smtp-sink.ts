import { once } from "node:events";
import type { Socket } from "node:net";
import { SMTPServer } from "smtp-server";
import { makeCertificate } from "./certificate.ts";
import type { MailServer } from "../src/core/mail.ts";

export interface SmtpSink extends AsyncDisposable {
  readonly server: MailServer;
  /** Of its certificate, as PEM. */
  readonly ca: string;
  readonly letters: { readonly to: readonly string[]; readonly text: string }[];
}

/** Takes letters on the loopback. `refused@` is no address, and for `cut@` the connection ends without an answer. */
export async function openSmtp(): Promise<SmtpSink> {
  const { key, cert: ca } = await makeCertificate();
  const letters: SmtpSink["letters"] = [];
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    secure: true,
    key,
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
    },
  };
}
