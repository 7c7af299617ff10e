import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  unlink,
  writeFile,
} from "node:fs/promises";
import { connect, createServer } from "node:net";
import { once } from "node:events";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeCertificate } from "./certificate.ts";
import type { MailServer } from "../src/core/mail.ts";

const run = promisify(execFile);

const BINARY = "/usr/sbin/dovecot";
const isRequired = process.env["CLARA_TEST_SERVICES"] === "required";
/** Whoever reads mailboxes must not be root. "nobody" on Debian. */
const NOBODY = 65_534;
const TRIES = 100;

/** Why tests with a real IMAP server are left out here; null when they are to run (and to fail, where one is required). */
export const whyNoDovecot: string | null =
  !existsSync(BINARY) && !isRequired
    ? "not run: there is no Dovecot; install it with apt-get install dovecot-imapd"
    : null;

export interface Dovecot extends AsyncDisposable {
  readonly imap: MailServer;
  /** Of its certificate, as PEM. */
  readonly ca: string;
  /** The same as a file. */
  readonly caFile: string;
  /** A mailbox with this password; anew, when it is there already. */
  readonly addUser: (name: string, password: string) => Promise<void>;
  /** Puts a mail into the user's mailbox, as a mail server does. */
  readonly deliver: (name: string, source: string) => Promise<void>;
  /** All numbers of the mailbox become worthless: UIDVALIDITY is another from now on. */
  readonly renumber: (name: string) => Promise<void>;
  /** Takes mails out of the mailbox behind everybody's back, at most so many. Gives which, by their text. */
  readonly expunge: (name: string, howMany: number) => Promise<readonly string[]>;
  /** Ends all sessions, without a word. */
  readonly dropSessions: () => Promise<void>;
  /** The flags of all mails, as Maildir writes them: `S` for seen. */
  readonly flags: (name: string) => Promise<readonly string[]>;
}

/** A Dovecot of the test's own on the loopback. Throws where there is none. */
export async function openDovecot({ capability = "" } = {}): Promise<Dovecot> {
  if (!existsSync(BINARY))
    throw new Error(`CLARA_TEST_SERVICES=required, but there is no Dovecot at ${BINARY}`);
  const folder = await mkdtemp(join(tmpdir(), "clara-dovecot-"));
  await chmod(folder, 0o755);
  const port = await freePort();
  const { key, cert: ca } = await makeCertificate();
  await writeFile(join(folder, "key.pem"), key);
  await writeFile(join(folder, "cert.pem"), ca);
  await mkdir(join(folder, "users"));
  await writeFile(join(folder, "dovecot.conf"), configOf(folder, port, capability));
  const server = spawn(BINARY, ["-F", "-c", join(folder, "dovecot.conf")], { stdio: "ignore" });
  const isUp = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => resolve(false));
      socket.on("connect", () => {
        socket.destroy();
        resolve(true);
      });
    });
  const { uid, gid } = owner();
  let delivered = 0;
  const box = (name: string) => join(folder, "mail", name);
  for (let tries = 0; !(await isUp()); tries++) {
    if (tries >= TRIES || server.exitCode !== null) throw new Error("Dovecot does not start");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    imap: { host: "localhost", port, security: "tls" },
    ca,
    caFile: join(folder, "cert.pem"),
    async addUser(name, password) {
      // A file each: Dovecot looks no more than once a second whether one that it knows was changed.
      await writeFile(join(folder, "users", name), `${name}:{PLAIN}${password}::::::\n`);
      for (const part of ["", "cur", "new", "tmp"]) {
        await mkdir(join(box(name), part), { recursive: true });
        await chown(join(box(name), part), uid, gid);
      }
      await chown(join(folder, "mail"), uid, gid);
    },
    async deliver(name, source) {
      // The clock first, as mail servers do it: a Maildir is read in this order.
      const order = `${String(Math.floor(Date.now() / 1_000))}.M${String(++delivered).padStart(6, "0")}.test`;
      const file = join(box(name), "tmp", order);
      await writeFile(file, source.replace(/\r?\n/g, "\n"));
      await chown(file, uid, gid);
      await rename(file, join(box(name), "new", order));
    },
    async renumber(name) {
      for (const file of await readdir(box(name)))
        if (/^dovecot[-.]/.test(file))
          await rm(join(box(name), file), { force: true, recursive: true });
    },
    async expunge(name, howMany) {
      const gone: string[] = [];
      for (const part of ["new", "cur"])
        for (const file of await readdir(join(box(name), part))) {
          if (gone.length >= howMany) break;
          gone.push(await readFile(join(box(name), part, file), "utf8"));
          await unlink(join(box(name), part, file));
        }
      return gone;
    },
    async dropSessions() {
      // Those of this very server: all of them have its folder in their environment, and its process as their parent.
      const { stdout } = await run("ps", ["-o", "pid=,ppid=,args=", "--ppid", String(server.pid)]);
      for (const line of stdout.split("\n")) {
        const [, pid] = /^\s*(\d+)\s+\d+\s+dovecot\/imap(?:-login)?\b/.exec(line) ?? [];
        if (pid !== undefined) process.kill(Number(pid), "SIGKILL");
      }
    },
    async flags(name) {
      const files = await Promise.all(["new", "cur"].map((part) => readdir(join(box(name), part))));
      return files.flat().map((file) => /:2,(\w*)$/.exec(file)?.[1] ?? "");
    },
    async [Symbol.asyncDispose]() {
      server.kill("SIGTERM");
      if (server.exitCode === null) await once(server, "exit");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const owner = (): { uid: number; gid: number } => {
  const { uid, gid } = userInfo();
  return uid === 0 ? { uid: NOBODY, gid: NOBODY } : { uid, gid };
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("There is no port");
  return address.port;
}

function configOf(folder: string, port: number, capability: string): string {
  const { uid, gid } = owner();
  const name = userInfo().username;
  const rootless =
    userInfo().uid === 0 ? "" : `default_internal_user = ${name}\ndefault_login_user = ${name}\n`;
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_min_protocol = TLSv1.2
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
mail_location = maildir:${folder}/mail/%n
mail_uid = ${uid}
mail_gid = ${gid}
first_valid_uid = 1
mail_max_userip_connections = 200
auth_failure_delay = 0
auth_mechanisms = plain
${capability === "" ? "" : `imap_capability = ${capability}`}
${rootless}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Archive {
    special_use = \\Archive
    auto = create
  }
  mailbox Sent {
    special_use = \\Sent
    auto = create
  }
}
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%n ${folder}/users/%n
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/mail/%n
}
service imap-login {
  chroot =
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = ${port}
    ssl = yes
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap {
  process_limit = 400
}
`;
}
